import type { Burn, JudgedSla } from '../../core/sla/burn.ts';
import { count, seconds } from './figures.ts';

type Promised = Pick<JudgedSla, 'objective_percent' | 'month_days' | 'saturday_per_s'>;

/** "3.1 %", "0.0042 %": two significant digits below 1 %, so that a small burn is not shown as none. */
export const percent = (value: number): string =>
  `${value === 0 || value >= 10 ? Math.round(value * 10) / 10 : Number(value.toPrecision(2))} %`;

/** "a 30-day budget at 99.9 %" */
export const budgetName = ({ month_days: days, objective_percent: objective }: Promised): string =>
  `a ${days}-day budget at ${objective} %`;

/** "this fault burnt 3.1 % of a 30-day budget at 99.9 % (at most 3.4 %): 120 of 4,500 requests failed in 30.0 s" */
export function burnText(burn: Burn, promised: Promised): string {
  const { requests, errors, burnt_percent: burnt, burnt_at_most_percent: atMost, observed_s: observed } = burn;
  const time = seconds(observed * 1_000);
  if (burnt === null) return `what it burnt is not known: no request was planned in its ${time}`;
  const most = atMost === null ? '' : ` (at most ${percent(atMost)})`;
  const what = burnt === 0 ? `nothing of ${budgetName(promised)}` : `${percent(burnt)} of ${budgetName(promised)}`;
  const others = burn.together_with.length === 0 ? '' : `, together with ${burn.together_with.join(' and ')}`;
  return `this fault burnt ${what}${most}: ${count(errors)} of ${count(requests)} requests failed in ${time}${others}`;
}

/** "on a Saturday of 278 requests/s: 222 of 8,340 requests" */
export function saturdayText(burn: Burn, { saturday_per_s: rate }: Promised): string {
  if (burn.saturday_errors === null) return '';
  const failed = burn.saturday_errors === 0 ? 'none' : count(burn.saturday_errors);
  return `on a Saturday of ${count(rate)} requests/s: ${failed} of ${count(burn.saturday_requests)} requests`;
}

export const BURN_ASSUMES =
  'Burnt: the share of errors in the time of the fault, times this time, divided by the seconds of a full outage that the month allows. So the month is taken to have this load throughout. On a Saturday: the same share for the same time at the rate of a Saturday; the share may well grow with the load.';
