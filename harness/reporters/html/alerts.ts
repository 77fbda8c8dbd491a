import type { ActiveInRun } from '../../core/record/detection.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { alertText } from '../../kit/alerts.ts';
import { after, alertLines, resolvedText } from '../wording/alerts.ts';
import { NONE } from '../wording/figures.ts';
import { type Content, markup, type Markup } from './markup.ts';
import { table } from './tables.ts';

const COLUMNS = [
  { name: 'Alert' },
  { name: 'Fault' },
  { name: 'Pending', number: true },
  { name: 'Firing', number: true },
  { name: 'Delivered', number: true },
  { name: 'Resolved' },
];

const rowOf = (alert: ActiveInRun): readonly Content[] => {
  const { fault, pending_s: pending, firing_s: firing, delivered_s: delivered } = alert;
  return [
    alertText(alert),
    fault ?? 'before every fault',
    firing === pending ? NONE : after(pending),
    firing === null ? 'never' : after(firing),
    delivered === null ? NONE : after(delivered),
    resolvedText(alert),
  ];
};

/** Returns how soon each fault was detected, and when each alert was pending, firing, delivered and resolved. Undefined
 * when nothing watched the run. */
export function alertSection({ document: { alerts } }: JudgedRun): Markup | undefined {
  if (alerts === undefined) return undefined;
  const told = alertLines({ ...alerts, active: [] });
  const lines = markup`<ul class="plain">${told.map((text) => markup`<li>${text}</li>`)}</ul>`;
  if (alerts.active.length === 0) return lines;
  const caption = 'Alerts, timed from the beginning of the fault';
  return markup`${lines}${table(caption, COLUMNS, alerts.active.map(rowOf))}`;
}
