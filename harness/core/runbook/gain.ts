import { studentQuantile } from '../bounds/distributions.ts';
import type { Arm } from './arm.ts';

/** How much sooner a system is healthy with the runbook than with hands off, seconds. Null: not known, or no bound. */
export interface Gain {
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const UNKNOWN: Gain = { estimate: null, low: null, high: null };
const CONFIDENCE = 0.9;

/**
 * Returns the gain with its 90 % bounds: Welch's interval for the difference of two means (Welch, Biometrika 34, 1947).
 * A control arm that did not recover was watched to its end. It counts as if it had recovered then: the gain is at
 * least so much, and has no upper bound.
 */
export function gainOf(arms: readonly Arm[]): Gain {
  const counted = arms.filter((arm) => arm.void === undefined);
  const controls = counted.filter(({ arm }) => arm === 'control');
  const treated = counted.filter(({ arm }) => arm === 'treatment').map(recoveredS);
  if (controls.length === 0 || treated.length === 0 || treated.includes(undefined)) return UNKNOWN;
  const censored = controls.some((arm) => recoveredS(arm) === undefined);
  const without = controls.map((arm) => recoveredS(arm) ?? arm.watchedMs / 1_000);
  const withIt = treated.map((seconds) => seconds ?? 0);
  const estimate = mean(without) - mean(withIt);
  const half = halfWidth(without, withIt);
  const low = half === undefined ? null : estimate - half;
  const high = half === undefined || censored ? null : estimate + half;
  return { estimate, low, high };
}

const recoveredS = ({ recovery }: Arm): number | undefined =>
  recovery.outcome === 'recovered' ? recovery.ms / 1_000 : undefined;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Times are read once a second, so a mean of them is never known better than to this, seconds. */
const LEAST_DEVIATION = 0.3;

function halfWidth(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const [va, vb] = [a, b].map((values) => {
    const m = mean(values);
    const variance = values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1);
    return Math.max(variance, LEAST_DEVIATION ** 2) / values.length;
  }) as [number, number];
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  return studentQuantile((1 + CONFIDENCE) / 2, freedom) * Math.sqrt(va + vb);
}
