import { formatDuration } from '../../core/duration.ts';
import type { ActiveInRun, AlertsOfRun } from '../../core/record/detection.ts';
import { alertText } from '../../kit/alerts.ts';
import { plural } from './figures.ts';

/** More alerts than this are counted, and not told one by one. */
const MOST = 12;

/** A number of seconds after something: "+8.3 s". */
export const after = (seconds: number): string =>
  `${seconds < 0 ? '-' : '+'}${formatDuration(Math.abs(seconds) * 1_000)}`;

/** Returns when an alert was resolved, from the healing: "+8.1 s after the healing". */
export function resolvedText({ resolved_s: resolved, fault }: ActiveInRun): string {
  if (resolved === null) return 'not resolved';
  if (fault === null) return `resolved ${after(resolved)}`;
  return resolved < 0
    ? `resolved ${formatDuration(-resolved * 1_000)} before the healing`
    : `resolved ${after(resolved)} after the healing`;
}

/** Returns the ladder of an alert: "kill-1 → pending +3.3 s → firing +8.3 s → delivered +9.2 s → resolved ...". */
function ladder(alert: ActiveInRun): string {
  const { fault, pending_s: pending, firing_s: firing, delivered_s: delivered, exact } = alert;
  const rungs = [
    fault ?? 'before every fault, from the baseline on',
    ...(firing === pending ? [] : [`pending ${after(pending)}`]),
    firing === null ? 'never firing' : `firing ${after(firing)}`,
    ...(delivered === null ? [] : [`delivered ${after(delivered)}`]),
    resolvedText(alert),
  ];
  return `${rungs.join(' → ')}${exact ? '' : ' (to about a second)'}`;
}

/** Says for each fault how soon an alert fired. "no alert" is only said when somebody watched all the time. */
const detectionLine = ({ fault, first_alert_s: first, name }: AlertsOfRun['detected'][number], none: string): string =>
  `${fault}: ${first === null ? none : `first alert ${after(first)} (${name ?? ''})`}`;

/** Says in lines how soon each fault was detected, and what each alert did. */
export function alertLines({ unwatched_s: unwatched, active, detected }: AlertsOfRun): readonly string[] {
  const none = unwatched > 0 ? 'no alert was seen' : 'no alert';
  const blind = unwatched > 0 ? [`for ${formatDuration(unwatched * 1_000)} nobody knows what the alerts did`] : [];
  const rest = active.length > MOST ? [`${plural(active.length - MOST, 'more alert')}: see the report`] : [];
  return [
    ...(detected.length === 0 && active.length === 0 ? [none] : []),
    ...detected.map((one) => detectionLine(one, none)),
    ...active.slice(0, MOST).map((one) => `${alertText(one)}: ${ladder(one)}`),
    ...rest,
    ...blind,
  ];
}
