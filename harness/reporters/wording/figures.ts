import { formatDuration } from '../../core/duration.ts';
import type { Bounds } from '../../core/stats.ts';

/** Shown when there is no figure. */
export const NONE = '–';

export const ms = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? NONE : formatDuration(value);

export const count = (value: number): string => value.toLocaleString('en-US');

/** "149.6/s" */
export const perSecond = (n: number, milliseconds: number): string =>
  milliseconds > 0 ? `${((n / milliseconds) * 1_000).toFixed(1)}/s` : NONE;

/** Formats a share of 0 to 1 for people: "0 %", "0.013 %", "2.1 %", "100 %". */
export function share(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return NONE;
  const percent = value * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  const digits = percent < 0.1 ? 3 : percent < 1 ? 2 : 1;
  return `${percent.toFixed(digits)} %`;
}

/** "1 fault", "2 faults" */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** Formats milliseconds since the load began as the time axis shows them: "12.3 s". */
export const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

/** Formats an ISO 8601 time for people, in UTC: "24 Nov 2026, 04:30:00 UTC". */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${day}, ${date.toISOString().slice(11, 19)} UTC`;
}

/** Returns the milliseconds from one ISO 8601 time to another. */
export const between = (from: string, to: string): number => new Date(to).getTime() - new Date(from).getTime();

/** "41 ms (38 to 44 ms)": a figure with its bounds, or alone when there are none. */
export const bounded = (value: number | undefined, bounds: Bounds | undefined): string =>
  bounds === undefined ? ms(value) : `${ms(value)} (${ms(Math.max(0, bounds.lower))} to ${ms(bounds.upper)})`;
