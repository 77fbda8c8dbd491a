import { UNITS } from '../../core/units.ts';
import type { TrendChange, TrendSeries } from '../../core/trend/trend.ts';
import type { Verdict } from '../../core/verdict.ts';
import { VERDICT_SIGN } from './headline.ts';

/** The sign of a verdict, also of a run that has none. */
export const signOf = (verdict: string): string => (VERDICT_SIGN as Record<string, string>)[verdict as Verdict] ?? '…';

/** "+20 %", "−5 %"; from 0 a share says nothing: "0 → 2". */
export function changeInWords({ from, to }: TrendChange, { unit }: Pick<TrendSeries, 'unit'>): string {
  if (from === 0) return `${UNITS[unit].text(from)} → ${UNITS[unit].text(to)}`;
  const percent = (to / from - 1) * 100;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(0)} % (${UNITS[unit].text(from)} → ${UNITS[unit].text(to)})`;
}

/** Whether a change is for the worse; undefined where nobody knows. */
export const isWorse = ({ from, to }: TrendChange, { worse }: Pick<TrendSeries, 'worse'>): boolean | undefined =>
  worse === null ? undefined : worse === 'more' ? to > from : to < from;

const CONFIRMED = { true: 'confirmed by reruns', false: 'refuted by reruns', null: 'not rerun' } as const;
export const confirmedInWords = ({ confirmed }: TrendChange): string =>
  CONFIRMED[String(confirmed) as keyof typeof CONFIRMED];
