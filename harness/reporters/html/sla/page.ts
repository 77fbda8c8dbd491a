import type { Incident, SlaDocument } from '../../../core/sla/document.ts';
import { redactDeep } from '../../../core/text/redact.ts';
import { BURN_ASSUMES, percent } from '../../wording/burn.ts';
import { count, moment, NONE } from '../../wording/figures.ts';
import {
  bookedText,
  budgetText,
  highPercent,
  lengthText,
  percentOrNone,
  promiseText,
  standText,
} from '../../wording/sla.ts';
import { BURN_COLUMNS, burnCells } from '../burn-table.ts';
import { type Content, markup, type Markup } from '../markup.ts';
import { scroller } from '../scroller.ts';
import { section, stillPage } from '../shell.ts';
import { table } from '../tables.ts';
import { dayBars, HATCHED } from './bars.ts';

interface SlaPage {
  readonly version: string;
  /** ISO 8601. */
  readonly drawn: string;
  /** Returns the report of a run, from the page; undefined when there is none. */
  readonly link: (run: string) => string | undefined;
}

/** Returns the page of `chaos sla --html`: what is left of the budget, and where it went. */
export function slaPage(given: SlaDocument, { version, drawn, link }: SlaPage): string {
  const document = redactDeep(given);
  const { from, to, days, incidents, faults, outside, population, notes, counters } = document;
  const span = from === null || to === null ? 'nothing was observed' : `${moment(from)} to ${moment(to)}`;
  const tone = document.met === null ? 'inconclusive' : document.met ? 'pass' : 'fail';
  return stillPage({
    title: `SLA ${promiseText(document)} · ${drawn.slice(0, 10)}`,
    version,
    body: markup`<header class="banner verdict-${tone}"><p class="kicker">${span} · ${document.source === 'runs' ? 'from recorded runs' : 'from the counters of Prometheus'}</p>
<h1>${promiseText(document)}</h1>
<p class="verdict"><strong>${standText(document)}</strong> <span class="headline">Outside drills ${bookedText(outside)}.</span></p></header>
${cards(document)}
${section('days', 'By day', days.length === 0 ? undefined : markup`${key()}${scroller('By day', dayBars(days))}`, `The part of a month's budget that each day burnt. A line below a day says that it was observed.`)}
${section('incidents', 'Incidents', incidentTable(incidents, document, link), 'Outside drills: requests that failed without a fault of ours. Those that burnt most come first.')}
${section('drills', 'Drills: what each fault burnt', faults.length === 0 ? undefined : faultTable(document, link), BURN_ASSUMES)}
${section(
  'trust',
  'How it was counted',
  markup`<p class="quiet">Counted: ${population}. ${budgetText(document)}.</p>${counters !== undefined && markup`<p class="quiet">Counters: ${count(counters.resets)} resets, ${count(counters.unobserved_s)} s without a scrape, ${count(counters.late_series)} series first seen long after the beginning, whose counts until then are left out. At the edges of drills ${count(Math.round(counters.at_edges.requests))} requests fell between two scrapes; they are booked as drill.</p>`}${notes.map((note) => markup`<p class="quiet">${note}</p>`)}`,
)}`,
  });
}

interface Card {
  readonly name: string;
  readonly figure: string;
  readonly note: string;
}

function cards(document: SlaDocument): Markup {
  const { budget, outside, drills } = document;
  const left = budget.left_percent;
  const shown: Card[] = [
    {
      name: 'Budget left',
      figure: left === null ? NONE : left < 0 ? `−${percent(-left)}` : highPercent(left),
      note: `of ${lengthText(budget.month_s)} of a full outage a month; incidents burnt ${percentOrNone(budget.incidents_percent)}`,
    },
    {
      name: 'Availability',
      figure: highPercent(outside.availability_percent),
      note: `${count(outside.errors)} of ${count(outside.requests)} requests failed outside drills`,
    },
    {
      name: 'Uptime',
      figure: highPercent(outside.uptime_percent),
      note: `down for ${lengthText(outside.down_s)} of ${lengthText(outside.observed_s)}: at least half of the requests failed`,
    },
    {
      name: 'Drills burnt',
      figure: percentOrNone(budget.drills_percent),
      note: `booked apart: ${count(drills.errors)} of ${count(drills.requests)} requests failed in ${lengthText(drills.observed_s)}`,
    },
  ];
  return markup`<dl class="cards">${shown.map(({ name, figure, note }) => markup`<div class="card"><dt>${name}</dt><dd><b>${figure}</b> <small>${note}</small></dd></div>`)}</dl>`;
}

const key = (): Markup =>
  markup`<ul class="day-key"><li><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="incident" width="14" height="14"/></svg> incidents</li><li><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="drill"${HATCHED} width="14" height="14"/></svg> drills, booked apart</li></ul>`;

type Link = SlaPage['link'];

const linked = (run: string, link: Link): Content => {
  const href = link(run);
  return href === undefined ? run : markup`<a href="${href}">${run}</a>`;
};

function incidentTable(incidents: readonly Incident[], { incidents_left_out: rest }: SlaDocument, link: Link): Markup {
  if (incidents.length === 0) return markup`<p class="empty">Not one request failed outside drills.</p>`;
  return markup`${table(
    'Incidents',
    [
      { name: 'From' },
      { name: 'Requests', number: true },
      { name: 'Failed', number: true },
      { name: 'Down', number: true },
      { name: 'Burnt', number: true },
      { name: 'Seen in' },
    ],
    incidents.map((one) => [
      moment(one.from),
      count(one.requests),
      count(one.errors),
      lengthText(one.down_s),
      percentOrNone(one.burnt_percent),
      one.run === undefined ? '' : linked(one.run, link),
    ]),
  )}${rest > 0 && markup`<p class="note">${count(rest)} more are left out.</p>`}`;
}

/** At most so many faults are shown before one unfolds the rest. */
const MOST_FAULTS = 20;

function faultTable({ faults }: SlaDocument, link: Link): Markup {
  const sorted = faults.toSorted((a, b) => (b.burnt_percent ?? -1) - (a.burnt_percent ?? -1));
  const rows = (those: typeof sorted): Markup =>
    table(
      'What each fault burnt of the month’s budget',
      [{ name: 'Run' }, ...BURN_COLUMNS],
      those.map((burn) => [linked(burn.run, link), burn.id, ...burnCells(burn)]),
    );
  const rest = sorted.slice(MOST_FAULTS);
  return markup`${rows(sorted.slice(0, MOST_FAULTS))}${rest.length > 0 && markup`<details><summary>${count(rest.length)} more faults</summary>${rows(rest)}</details>`}`;
}
