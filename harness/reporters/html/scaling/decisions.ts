import type { EventOf } from '../../../core/record/events.ts';
import { eventsOf, type History, windowOf } from '../../../core/record/history.ts';
import { clampInWords, reasonInWords, triggerInWords } from '../../../kit/scaling/words.ts';
import { NONE, plural, seconds } from '../../wording/figures.ts';
import { type Content, markup, type Markup } from '../markup.ts';
import { table } from '../tables.ts';

/** The most rows of one table. events.ndjson has all. */
const MOST_ROWS = 400;

type Look = EventOf<'scaling'>;

/** The decisions of a scaler: those that matter, and the rest folded. Returns undefined when none looked at a service. */
export function decisionTable(history: History, service: string, origin: number): Markup | undefined {
  const looks = eventsOf(history, 'scaling').filter((look) => look.service === service);
  if (looks.length === 0) return undefined;
  const told = looks.filter((look, i) => matters(look, looks[i - 1]));
  const rest = looks.filter((look) => !told.includes(look));
  const fault = windowOf(history, 'fault')?.started;
  const clamps = [...new Set(looks.flatMap(({ decision }) => decision.clamps))].toSorted();
  const rows = (some: readonly Look[]): Content[][] =>
    some.slice(0, MOST_ROWS).map((look) => rowOf(look, origin, fault));
  const cut = (some: readonly Look[]): Markup | false =>
    some.length > MOST_ROWS && markup`<p class="quiet">${some.length - MOST_ROWS} more in events.ndjson.</p>`;
  return markup`<h3>Decisions</h3>
<div class="decisions">${told.length === 0 ? markup`<p class="quiet">No look changed anything, and nothing held one back.</p>` : table(`Decisions about ${service}`, COLUMNS, rows(told))}${cut(told)}
${clamps.length > 0 && markup`<p class="quiet">What held it back, and what to do about it: <code>chaos explain ${clamps.join(' ')}</code></p>`}
${rest.length > 0 && markup`<details><summary>and ${plural(rest.length, 'look')} that changed nothing</summary>${table(`Looks at ${service} that changed nothing`, COLUMNS, rows(rest))}${cut(rest)}</details>`}</div>`;
}

/** A change, or something else that holds the scaler back than at the look before. */
function matters({ decision }: Look, before: Look | undefined): boolean {
  return decision.action !== 'none' || String(decision.clamps) !== String(before?.decision.clamps ?? []);
}

const COLUMNS = [
  { name: 'At' },
  { name: 'From the fault', number: true },
  { name: 'Containers', number: true },
  { name: 'Wish', number: true },
  { name: 'Reason' },
  { name: 'Figure' },
  { name: 'Held back' },
];

function rowOf({ t, decision }: Look, origin: number, fault: number | undefined): Content[] {
  const { action, instances, targetInstances, wish, reason, trigger, clamps } = decision;
  return [
    seconds(t - origin),
    fault === undefined || t < fault ? NONE : `+${seconds(t - fault)}`,
    action === 'none' ? String(instances) : markup`<b>${instances} → ${targetInstances}</b>`,
    wish ?? NONE,
    reasonInWords(reason),
    trigger === undefined ? NONE : triggerInWords(trigger),
    clamps.map(clampInWords).join('; '),
  ];
}
