export const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Returns the median. Of two middle numbers it takes the lower one. NaN when there is no finite number. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** "6.2 (5.8 to 7.1)": median, least and most; a dash when there is no finite number. */
export function spread(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return '–';
  return `${median(known).toFixed(1)} (${Math.min(...known).toFixed(1)} to ${Math.max(...known).toFixed(1)})`;
}

/** A line of a Markdown table. */
export const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
