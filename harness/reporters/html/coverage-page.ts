import { type Cell, CELL_STATES } from '../../core/coverage/cell.ts';
import type { Survey } from '../../core/coverage/survey.ts';
import { redactDeep } from '../../core/text/redact.ts';
import {
  countsText,
  dayOf,
  gapsText,
  jobLength,
  jobText,
  matricesOf,
  type Matrix,
  minutesText,
  STATE_MEANING,
  STATE_SIGN,
} from '../wording/coverage.ts';
import type { Timeline } from './charts/timeline.ts';
import { markup, type Markup } from './markup.ts';
import { scroller } from './scroller.ts';
import { section, shell } from './shell.ts';
import { table } from './tables.ts';

const NO_TIMELINE: Timeline = { origin: 0, length: 0, phases: [], faults: [], lanes: [] };

/** Returns the page of `chaos coverage --html`: the matrix, and what each cell stands on. `drawn`: ISO 8601. */
export function coveragePage(given: Survey, drawn: string, version: string): string {
  const survey = redactDeep(given);
  const { cells, counts, project, planned, rule, images_compared: compared } = survey;
  const known = cells.filter(({ state }) => state !== 'not applicable' && state !== 'never');
  return shell({
    title: `Coverage · ${project} · ${dayOf(drawn)}`,
    version,
    timeline: NO_TIMELINE,
    charts: [],
    virtual: true,
    body: markup`<header class="banner"><p class="kicker">Coverage of ${project} · ${dayOf(drawn)}</p>
<h1>${counts.proven} of ${cells.length - counts['not applicable']} cells are proven</h1>
<p class="note">${countsText(counts)}. ${gapsText(survey)}${!compared && ' No engine answered, so images were compared by their names only.'}</p></header>
${legend(survey)}
${matricesOf(cells).map((matrix, i) => section(`matrix-${i + 1}`, capital(matrix.title), drawnMatrix(matrix)))}
${section('cells', 'What each cell stands on', known.length === 0 ? undefined : cellTable(known), 'Failed cells first. A cell without a run is left out.')}
${section('planned', 'Tonight', planned.length === 0 ? undefined : planTable(survey), `Chosen by this rule: ${rule}.`)}
${section('not-applicable', 'What cannot be made', reasons(cells))}`,
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const classOf = ({ state }: Pick<Cell, 'state'>): string => `is-${state.replace(' ', '-')}`;

const legend = ({ counts }: Survey): Markup =>
  markup`<ul class="legend">${CELL_STATES.filter((state) => state !== 'not applicable').map(
    (state) =>
      markup`<li><span class="cell ${classOf({ state })}" aria-hidden="true">${STATE_SIGN[state]}</span> <b>${counts[state]} ${state}</b>: ${STATE_MEANING[state]}</li>`,
  )}</ul>`;

function drawnMatrix({ title, components, rows }: Matrix): Markup {
  const caption = `Coverage of ${title}: a row for each failure, a column for each component`;
  return scroller(
    caption,
    markup`<table class="matrix"><caption>${caption}</caption><thead><tr><th scope="col">Failure</th>${components.map((name) => markup`<th scope="col"><span>${name}</span></th>`)}</tr></thead>
<tbody>${rows.map(
      ({ failure, cells }) => markup`<tr><th scope="row"><code>${failure}</code></th>${cells.map(drawnCell)}</tr>
`,
    )}</tbody></table>`,
  );
}

function drawnCell(cell: Cell | undefined): Markup {
  if (cell === undefined) return markup`<td></td>`;
  const { state, when, reason } = cell;
  const words = [state, ...(when === null ? [] : [dayOf(when)])].join(' ');
  const title = reason === null ? words : `${words}: ${reason}`;
  return markup`<td title="${title}"><span class="cell ${classOf(cell)}"><span aria-hidden="true">${STATE_SIGN[state]}</span><span class="heard">${words}</span></span></td>`;
}

function cellTable(cells: readonly Cell[]): Markup {
  const sorted = cells.toSorted((a, b) => CELL_STATES.indexOf(a.state) - CELL_STATES.indexOf(b.state));
  return table(
    'The cells that runs tried',
    ['Failure', 'State', 'When', 'Experiment', 'Run', 'Why'].map((name) => ({ name })),
    sorted.map((cell) => [
      `${cell.failure} of ${cell.component}`,
      markup`<span class="cell ${classOf(cell)}" aria-hidden="true">${STATE_SIGN[cell.state]}</span> ${cell.state}`,
      cell.when === null ? '' : dayOf(cell.when),
      cell.experiment ?? '',
      markup`<code>${cell.run ?? ''}</code>`,
      cell.reason ?? '',
    ]),
  );
}

const planTable = ({ planned }: Survey): Markup =>
  table(
    `Experiments for ${minutesText(planned.reduce((sum, { minutes }) => sum + minutes, 0))}`,
    [{ name: 'Experiment' }, { name: 'Takes', number: true }, { name: 'For' }],
    planned.map((job) => [markup`<code>${job.file ?? job.experiment}</code>`, jobLength(job), jobText(job)]),
  );

/** Why cells are not applicable, each reason once with the number of its cells. */
function reasons(cells: readonly Cell[]): Markup | undefined {
  const none = cells.filter(({ state }) => state === 'not applicable');
  if (none.length === 0) return undefined;
  const grouped = [...Map.groupBy(none, ({ reason }) => reason ?? '')].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return markup`<details><summary>${none.length} cells, and the reasons</summary>${table(
    'Why a failure cannot be made at a component',
    [{ name: 'Reason' }, { name: 'Cells', number: true }],
    grouped.map(([reason, found]) => [reason, found.length]),
  )}</details>`;
}
