import { formatDuration } from './duration.ts';

interface UnitText {
  /** For people: "percent of a whole". */
  readonly name: string;
  /** A value for people: "90 %". */
  readonly text: (value: number) => string;
  /** The unit of a chart's axis. */
  readonly axis: string;
  /** How many units of the series make one unit of the axis: 1,000 bytes per second make 1 KB/s. */
  readonly per: number;
}

const rounded = (value: number): string => String(Number(value.toFixed(1)));
const percent = (value: number): string => `${rounded(value)} %`;

/** Networks count by 1,000, and so do we: 64 KB, 1.5 MB. */
function bytesText(value: number): string {
  const [per, unit] = value < 1_000 ? [1, 'B'] : value < 1_000_000 ? [1_000, 'KB'] : [1_000_000, 'MB'];
  return `${rounded(value / per)} ${unit}`;
}

/** The units of series. Durations are in milliseconds, byte rates in bytes per second. */
export const UNITS = {
  /** A percentage that can be more than 100 %, for example of one core. */
  percent: { name: 'percent', text: percent, axis: '%', per: 1 },
  /** A percentage of a whole: at most 100 %. */
  share: { name: 'percent of a whole', text: percent, axis: '%', per: 1 },
  duration: { name: 'duration', text: formatDuration, axis: 'ms', per: 1 },
  'byte rate': {
    name: 'bytes per second',
    text: (value) => `${rounded(value / 1_000)} KB/s`,
    axis: 'KB/s',
    per: 1_000,
  },
  bytes: { name: 'bytes', text: bytesText, axis: 'MB', per: 1_000_000 },
  'per second': { name: 'per second', text: (value) => `${rounded(value)}/s`, axis: '/s', per: 1 },
  count: { name: 'count', text: rounded, axis: '', per: 1 },
} as const satisfies Record<string, UnitText>;

export type Unit = keyof typeof UNITS;
