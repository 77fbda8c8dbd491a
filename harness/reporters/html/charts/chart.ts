import type { ChartLimit, CheckResult } from '../../../core/kinds/check-result.ts';
import type { History } from '../../../core/record/history.ts';
import type { LoadPlan } from '../../../core/load/load.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { median } from '../../../core/stats.ts';
import type { Timeline } from './timeline.ts';

/** One line of a chart, or one layer of a stack. */
export interface Line {
  readonly label: string;
  /** The number of a palette colour, 1 to 8; 0 is muted. */
  readonly color: number;
  readonly dash?: readonly number[];
  readonly width?: number;
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** Says which requests or readings the figures are about. */
  readonly note: string;
  readonly unit: string;
  readonly kind: 'line' | 'stack';
  readonly log?: boolean;
  /** In the chart's unit. */
  readonly limits?: readonly Omit<ChartLimit, 'chart'>[];
  /** The chart is closed until a reader opens it. */
  readonly folded?: boolean;
  /** Seconds since the load began, in rising order. */
  readonly x: readonly number[];
  readonly series: readonly Line[];
}

/** The data of the charts: a run, or a load alone. */
export interface Charted extends Pick<History, 'events' | 'requests'> {
  readonly plan: Partial<Pick<Plan, 'topology' | 'hypotheses' | 'stop_if' | 'charts'>> & {
    readonly load: Pick<LoadPlan, 'pressure' | 'timeoutMs'>;
  };
}

/** The most points of a chart. A longer run gets wider buckets, not more. */
const MOST_POINTS = 900;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** Returns a value as charts have it: three digits, null for none. */
export const round = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(3));

/** Returns the limits that results have for a chart, each once. */
export const limitsOf = (chart: string, results: readonly CheckResult[]): NonNullable<Chart['limits']> => {
  const found = results.flatMap(({ limit }) => (limit?.chart === chart ? [limit] : []));
  return [...new Map(found.map(({ value, label }) => [label, { value, label }])).values()];
};

/** Returns the n-th line of a chart, from 0. The palette repeats with other dashes. */
export const lineOf = (label: string, n: number, values: readonly (number | null)[]): Line => {
  const dash = DASHES[Math.floor(n / 8) % DASHES.length] ?? [];
  return { label, color: (n % 8) + 1, values, ...(dash.length > 0 ? { dash } : {}) };
};

/**
 * Returns true when values are so far apart that a linear axis would hide the small values. A logarithmic axis has no
 * place for 0.
 */
export function spread(usual: readonly (number | null)[], high: readonly (number | null)[]): boolean {
  if (usual.some((v) => v !== null && v <= 0)) return false;
  const middle = median(usual.filter((v) => v !== null)) ?? 1;
  return high.some((v) => v !== null && v > 20 * middle);
}

/** The time axis, in steps of whole seconds. */
export class Buckets {
  /** Seconds. */
  readonly step: number;
  readonly count: number;
  readonly x: readonly number[];
  readonly #origin: number;

  /** `least`: the least length of a step, seconds. */
  constructor({ origin, length }: Timeline, least = 1) {
    this.step = Math.max(Math.ceil(least), Math.ceil(length / MOST_POINTS));
    // A partial last step would show a fall that did not happen.
    this.count = Math.max(1, Math.floor(length / this.step));
    this.x = Array.from({ length: this.count }, (_, i) => i * this.step);
    this.#origin = origin;
  }

  /** Returns the position of the step that holds `t` (epoch milliseconds); -1 outside the axis. */
  of(t: number): number {
    const i = Math.floor((t - this.#origin) / 1_000 / this.step);
    return i >= 0 && i < this.count ? i : -1;
  }

  lists(): number[][] {
    return this.x.map(() => []);
  }

  zeros(): number[] {
    return this.x.map(() => 0);
  }
}
