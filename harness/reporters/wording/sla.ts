import type { Booked, SlaDocument } from '../../core/sla/document.ts';
import { percent } from './burn.ts';
import { count, NONE } from './figures.ts';

/** "99.987 %": a share of successes has as many digits as its distance from 100 % needs. */
export function highPercent(value: number | null): string {
  if (value === null) return NONE;
  const missing = 100 - value;
  if (missing <= 0) return '100 %';
  const digits = Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(missing))));
  return `${value.toFixed(digits)} %`;
}

export const percentOrNone = (value: number | null): string => (value === null ? NONE : percent(value));

/** "4 h 30 min", "43 min 12 s", "34 s": seconds for people. */
export function lengthText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  if (hours > 0) return `${count(hours)} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${rest} s`;
  return seconds === 0 || seconds >= 10 ? `${rest} s` : `${seconds.toFixed(1)} s`;
}

/** "99.98 % of 45,000 requests succeeded, up 99.9 % of 3 h 12 min" */
export function bookedText(booked: Booked): string {
  const { observed_s: observed, requests, availability_percent: available, uptime_percent: up } = booked;
  if (observed === 0) return 'no time at all';
  const time = lengthText(observed);
  if (requests === 0) return `not one request in ${time}`;
  return `${highPercent(available)} of ${count(requests)} requests succeeded, up ${highPercent(up)} of ${time}`;
}

/** "99.9 % over 30 days" */
export const promiseText = ({ objective_percent: objective, month_days: days }: SlaDocument): string =>
  `${objective} % over ${days} days`;

/** What incidents and drills burnt of the budget, and what is left. */
export function budgetText({ budget }: SlaDocument): string {
  const month = `${lengthText(budget.month_s)} of a full outage a month`;
  if (budget.incidents_percent === null) return `${month}; outside drills no request was observed`;
  const left = budget.left_percent ?? 0;
  const rest = left < 0 ? `overspent by ${percent(-left)}` : `${highPercent(left)} left`;
  return `${month}: incidents burnt ${percent(budget.incidents_percent)}, ${rest}; drills, booked apart, burnt ${percentOrNone(budget.drills_percent)}`;
}

/** How the objective stands, in a sentence. */
export function standText(document: SlaDocument): string {
  if (document.met === null) return 'Outside drills no request was observed.';
  return document.met ? 'The objective is met.' : 'The objective is not met.';
}
