import type { GamedayRead, GamedayReporter } from '../../core/gameday/reporter.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { markup, type Markup } from '../html/markup.ts';
import { chartArea, section, shell } from '../html/shell.ts';
import { gamedayHeadline } from '../wording/gameday.ts';
import { moment, plural } from '../wording/figures.ts';
import { VERDICT_SIGN } from '../wording/headline.ts';
import { actionTable } from './parts/actions.ts';
import { earlierTable } from './parts/earlier.ts';
import { injectArticles } from './parts/injects.ts';
import { notRunTable, retestTable } from './parts/left.ts';
import { dayLog, dayFacts, preflightList } from './parts/log.ts';
import { noteTable } from './parts/notes.ts';
import { timesTable } from './parts/times.ts';
import { chartsOfDay } from './charts.ts';
import { runsOf } from './runs.ts';
import { timelineOfDay } from './timeline.ts';

/** report.html of a game day: one file that contains everything it needs and makes no requests. */
export const gamedayReport = (version: string): GamedayReporter => ({
  file: 'report.html',
  render: (given) => pageOf({ ...redactDeep(dataOf(given)), read: given.read }, version),
});

/** A function is no text, and a set of ids is not shown. */
const dataOf = ({ document, events, state, earlier }: GamedayRead): Omit<GamedayRead, 'read'> => ({
  document,
  events,
  state: { ...state, ids: new Set() },
  earlier,
});

function pageOf(day: GamedayRead, version: string): string {
  const { document, state } = day;
  const timeline = timelineOfDay(day);
  const runs = runsOf(day);
  const charts = chartsOfDay(runs, timeline);
  return shell({
    title: `${document.verdict} · ${document.title} · ${moment(document.started)}`,
    version,
    timeline,
    charts,
    body: markup`${banner(day)}
${section('times', 'How soon?', timesTable(state, timeline), 'Machines and people side by side, counted from the moment at which the failure was in force. Pauses of the day do not count for people.')}
${section('timeline', 'What happened', chartArea(timeline, charts), 'One time axis, from the beginning of the day. Red: a failure in force. Grey: a pause. A number is a note, see below.')}
${section('notes', 'Notes', noteTable(day, timeline))}
${section('injects', 'Expected and come', injectArticles(day, runs))}
${section('earlier', 'Beside earlier game days', earlierTable(document, day.earlier), 'Seconds since the failure was in force. The same inject is known by its name.')}
${section('actions', 'What follows', actionTable(document), 'An action is done when its experiment passes. actions.md, actions.csv and actions.json beside this file have the same.')}
${section('retests', 'Tried again', retestTable(state))}
${section('left', 'Not tried', notRunTable(document))}
${section('preflight', 'Before the first failure', preflightList(day))}
${section('events', 'Log of the day', dayLog(day, timeline))}
${section('facts', 'Circumstances', dayFacts(day))}`,
  });
}

const badge = (good: boolean, text: string): Markup =>
  markup`<li class="badge ${good ? 'good' : 'bad'}"><span aria-hidden="true">${good ? '✓' : '✗'}</span> ${text}</li>`;

const SYSTEM = { true: 'system restored', false: 'NOT RESTORED', null: 'not known whether it was restored' };

function banner({ document, state }: GamedayRead): Markup {
  const { verdict, title, started, restored, run, actions } = document;
  const look = verdict.toLowerCase().replaceAll(' ', '-');
  const open = state.notes.filter(({ text }) => text === null).length;
  return markup`<header class="banner verdict-${look}">
<p class="kicker">Game day ${run} · ${moment(started)}</p>
<h1>${title}</h1>
<p class="verdict"><strong><span class="sign" aria-hidden="true">${VERDICT_SIGN[verdict]}</span> ${verdict}</strong> <span class="headline">${gamedayHeadline(document)}</span></p>
<ul class="badges">${badge(restored === true, SYSTEM[`${restored}`])}${badge(actions.length > 0, plural(actions.length, 'action'))}${open > 0 && badge(false, `${plural(open, 'note')} without a text`)}</ul>
</header>`;
}
