/** Returns four or five round numbers from 0 to at least `most`; 0 and 1 when `most` is not above 0. */
export function niceTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Returns the powers of ten from `least` or below to `most` or above, at least two of them. */
export function logTicks(least: number, most: number): number[] {
  const low = Math.floor(Math.log10(Math.max(least, 0.01)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(most, 0.1))));
  return Array.from({ length: high - low + 1 }, (_, i) => Number((10 ** (low + i)).toPrecision(6)));
}

/**
 * Returns the ticks of a time axis of this length, in seconds. A step is 1, 2, 5, 10, 15 or 30 s, 1, 2, 5, 10, 15 or 30
 * min, or whole hours. The axis has at most ten steps.
 */
export function timeTicks(seconds: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];
  const step = steps.find((s) => seconds / s <= 10) ?? Math.ceil(seconds / 36_000) * 3_600;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
}

/** "45 s" on an axis of up to two minutes, "2:30" on a longer axis, "1 h" and "1 h 30" on an axis of more than three hours. */
export function timeLabel(t: number, length: number): string {
  if (length <= 120) return `${t} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(t / 60);
  if (length <= 10_800) return `${minutes}:${two(Math.round(t % 60))}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${two(minutes % 60)}`}`;
}

/** "0.5", "40", "2k" */
export const valueLabel = (value: number): string =>
  value >= 10_000 ? `${Number((value / 1_000).toPrecision(3))}k` : String(Number(value.toPrecision(4)));
