import type { SlaDocument } from '../../core/sla/document.ts';
import type { TextSink } from '../../core/world.ts';
import { BURN_ASSUMES, burnText, saturdayText } from '../wording/burn.ts';
import { count, moment, plural } from '../wording/figures.ts';
import { bookedText, budgetText, percentOrNone, promiseText, standText } from '../wording/sla.ts';
import { paint } from './paint.ts';

/** At most so many incidents and faults are printed. The document has more. */
const SHOWN = 10;

/** Returns the SLA for people: what is left of the budget, the incidents, and what each fault burnt. */
export function renderSla(document: SlaDocument, sink: TextSink): string {
  const { from, to, outside, drills, incidents, faults, notes, counters } = document;
  const span = from === null || to === null ? 'nothing was observed' : `${moment(from)} to ${moment(to)}`;
  const style = document.met === null ? 'yellow' : document.met ? 'green' : 'red';
  const worst = faults.toSorted((a, b) => (b.burnt_percent ?? -1) - (a.burnt_percent ?? -1)).slice(0, SHOWN);
  return [
    `${paint(sink, 'bold', `SLA ${promiseText(document)}`)}  ${span}`,
    paint(sink, ['bold', style], standText(document)),
    '',
    `  outside drills  ${bookedText(outside)}`,
    `  drills          ${bookedText(drills)}`,
    `  budget          ${budgetText(document)}`,
    ...(counters === undefined ? [] : [`  counters        ${countersText(counters)}`]),
    ...(incidents.length === 0
      ? []
      : ['', paint(sink, 'bold', 'Incidents'), ...incidents.slice(0, SHOWN).map(incidentText)]),
    ...more(incidents.length + document.incidents_left_out),
    ...(worst.length === 0 ? [] : ['', paint(sink, 'bold', 'Drills, what each fault burnt')]),
    ...worst.map((burn) => {
      const saturday = saturdayText(burn, document);
      return `  ${burn.experiment} ${burn.id}: ${burnText(burn, document)}${saturday === '' ? '' : `; ${saturday}`}`;
    }),
    ...more(faults.length),
    ...(worst.length === 0 ? [] : ['', BURN_ASSUMES]),
    ...notes,
    '',
  ].join('\n');
}

const more = (all: number): string[] => (all <= SHOWN ? [] : [`  and ${count(all - SHOWN)} more`]);

const incidentText = (one: SlaDocument['incidents'][number]): string =>
  `  ${moment(one.from)}  burnt ${percentOrNone(one.burnt_percent)}: ${count(one.errors)} of ${count(one.requests)} requests failed${one.run === undefined ? '' : `, in ${one.run}`}`;

function countersText({ resets, late_series: late, unobserved_s: unobserved, at_edges: edges }: Counters): string {
  return [
    plural(resets, 'reset'),
    ...(unobserved > 0 ? [`${count(unobserved)} s without a scrape`] : []),
    ...(late > 0 ? [`${plural(late, 'series', 'series')} first seen late`] : []),
    ...(edges.requests > 0
      ? [`${count(Math.round(edges.requests))} requests between two scrapes at the edge of a drill, booked as drill`]
      : []),
  ].join(', ');
}

type Counters = NonNullable<SlaDocument['counters']>;
