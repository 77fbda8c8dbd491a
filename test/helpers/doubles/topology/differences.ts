const isPart = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'not set'));

/** Returns a line for each value that is not as it should be: "containers.chaos-app-1.state is stopped, not running". */
export function differences(sound: unknown, now: unknown, path = ''): string[] {
  if (isPart(sound) && isPart(now)) {
    const keys = [...new Set([...Object.keys(sound), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(sound[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  if (shown(sound) === shown(now)) return [];
  if (isPart(sound) && now === undefined) return [`${path} is gone`];
  if (isPart(now) && sound === undefined) return [`${path} is left`];
  return [`${path} is ${shown(now)}, not ${shown(sound)}`];
}
