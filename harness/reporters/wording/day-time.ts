/** Returns a moment on the clock of a day and of the wall: "12:04 (09:14:04)". `origin`: when the day began. Epoch milliseconds. */
export function dayTime(t: number, origin: number): string {
  const seconds = Math.round((t - origin) / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [sign, rest] = seconds < 0 ? ['−', -seconds] : ['', seconds];
  const hours = Math.floor(rest / 3_600);
  const minutes = Math.floor(rest / 60) % 60;
  const clock = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${sign}${clock}:${two(rest % 60)} (${new Date(t).toISOString().slice(11, 19)})`;
}
