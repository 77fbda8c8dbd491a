import type { Burn, JudgedSla } from '../../core/sla/burn.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { budgetName, burnText, percent, saturdayText } from '../wording/burn.ts';
import { count, NONE, seconds } from '../wording/figures.ts';
import { type Content, markup, type Markup } from './markup.ts';
import { table } from './tables.ts';

/** What each fault burnt of a month's error budget. Undefined when no fault was injected in a judged phase. */
export function burnTable({ document: { sla } }: JudgedRun): Markup | undefined {
  if (sla === undefined || sla.faults.length === 0) return undefined;
  return markup`<ul class="plain">${sla.faults.map((burn) => markup`<li><b>${burn.id}</b>: ${burnText(burn, sla)}${saturdayOf(burn, sla)}</li>`)}</ul>
${table(
  `What each fault burnt of ${budgetName(sla)}`,
  BURN_COLUMNS,
  sla.faults.map((burn) => [burn.id, ...burnCells(burn)]),
)}
<p class="quiet">Counted: ${sla.population}. A request belongs to the time in which it was planned. The time of a fault lasts from its injection until it is healed, and from then on until the next fault begins or the drill ends.</p>`;
}

const saturdayOf = (burn: Burn, sla: JudgedSla): string => {
  const text = saturdayText(burn, sla);
  return text === '' ? '' : `; ${text}`;
};

const NUMBERS = ['Time', 'Requests', 'Failed', 'Burnt', 'At most', 'Failed on a Saturday'] as const;

export const BURN_COLUMNS = [{ name: 'Fault' }, ...NUMBERS.map((name) => ({ name, number: true }))];

/** The cells of a fault after its name. */
export const burnCells = (burn: Burn): Content[] => [
  seconds(burn.observed_s * 1_000),
  count(burn.requests),
  count(burn.errors),
  orNone(burn.burnt_percent, percent),
  orNone(burn.burnt_at_most_percent, percent),
  orNone(burn.saturday_errors, count),
];

const orNone = (value: number | null, text: (value: number) => string): string => (value === null ? NONE : text(value));
