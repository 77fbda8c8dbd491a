/** One sample of the Prometheus text format. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
/** The boundary before the name keeps the search from beginning again at each letter of a long word. */
const LABEL = /\b(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Returns a label's value without escapes. The format escapes a backslash, a quote and a line break. */
const unescape = (text: string): string => text.replaceAll(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c));

/** Returns the samples of an exposition. Lines that are not samples are ignored. */
export function parseMetrics(text: string): MetricSample[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    if (match === null) return [];
    const [, name = '', labelText = '', value = ''] = match;
    const labels = Object.fromEntries(
      [...labelText.matchAll(LABEL)].map(([, key = '', text = '']) => [key, unescape(text)]),
    );
    return [{ name, labels, value: Number(value.replace('Inf', 'Infinity')) }];
  });
}

/** Returns the sums of a metric by some labels. A key has the labels' values, joined by "|". */
export function sumBy(samples: readonly MetricSample[], name: string, by: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const key = by.map((label) => sample.labels[label] ?? '').join('|');
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}
