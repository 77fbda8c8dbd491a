/** One sample of the Prometheus text format. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** A label's value as it was before it was written: a backslash, a quote and a line break are escaped. */
const unescape = (text: string): string => text.replaceAll(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c));

/** Samples of an exposition; lines that are not samples are passed over. */
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

/** Sums of a metric by some labels; keys are the labels' values joined by "|". */
export function sumBy(samples: readonly MetricSample[], name: string, by: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const key = by.map((label) => sample.labels[label] ?? '').join('|');
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}
