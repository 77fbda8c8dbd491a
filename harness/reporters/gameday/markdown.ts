import { relative } from 'node:path';
import type { GamedayRead, GamedayReporter } from '../../core/gameday/reporter.ts';
import type { InjectState } from '../../core/gameday/state.ts';
import { injectTimes, MARKS } from '../../core/gameday/times.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { dayTime } from '../wording/day-time.ts';
import { injectName } from '../wording/describe-gameday.ts';
import { gamedayHeadline, MARK_NAMES, markText } from '../wording/gameday.ts';
import { moment, NONE } from '../wording/figures.ts';
import { VERDICT_SIGN } from '../wording/headline.ts';
import { markdownCell, markdownTable, withinLimit } from '../wording/markdown-text.ts';
import { comparedDays } from './parts/earlier.ts';
import { actionLines } from './actions.ts';
import { numberedNotes } from './timeline.ts';

/** report.md of a game day: the same as report.html without its charts, for a forge or a chat. */
export const markdown: GamedayReporter = {
  file: 'report.md',
  render({ document, events, state, earlier, read }) {
    const clean = redactDeep({ document, events, state: { ...state, ids: new Set<string>() }, earlier });
    const day: GamedayRead = { ...clean, read };
    const parts = [head, times, injects, notes, compared, actions, left].map((part) => part(day));
    return withinLimit(parts.filter((part) => part !== '').join('\n\n'), 'report.html');
  },
};

function head({ document }: GamedayRead): string {
  const { verdict, title, started, run, people } = document;
  const there = people.map(({ who, role }) => `${who} (${role})`).join(', ');
  return `# ${VERDICT_SIGN[verdict]} ${verdict} · ${markdownCell(title)}

${markdownCell(gamedayHeadline(document))}

${moment(started)} · \`${run}\`${there === '' ? '' : ` · ${markdownCell(there)}`}`;
}

const triedOf = ({ state }: GamedayRead): readonly InjectState[] =>
  state.injects.filter(({ attempts }) => attempts > 0);

function times(day: GamedayRead): string {
  const tried = triedOf(day).filter(({ injected }) => injected !== undefined);
  if (tried.length === 0) return '';
  const rows = tried.map((inject) => [
    markdownCell(injectName(day.state.day, inject.plan.id)),
    inject.verdict ?? 'no verdict',
    ...injectTimes(inject, day.state).map(markText),
  ]);
  return `## How soon?\n\n${markdownTable(['inject', 'verdict', ...MARKS.map((mark) => MARK_NAMES[mark])], rows)}`;
}

function injects(day: GamedayRead): string {
  const tried = triedOf(day);
  if (tried.length === 0) return '';
  const { document, state } = day;
  const parts = tried.map((inject) => {
    const { plan, alerted, seen, why, dir, run, verdict } = inject;
    const lines = [
      `hypothesis: ${markdownCell(plan.title)}`,
      `failure: ${markdownCell(plan.faults.join(', '))} (${plan.shown})`,
      `alert: expected ${markdownCell(plan.expect.alert ?? 'none')}, came ${markdownCell(alerted?.name ?? 'none')}`,
      `person: expected ${markdownCell(plan.expect.person)}, came ${markdownCell(seen?.by?.who ?? 'nobody')}`,
      `runbook: ${markdownCell(plan.expect.runbook ?? 'there is none')}`,
      ...(why === undefined ? [] : [`why: ${markdownCell(why)}`]),
      ...(dir === undefined
        ? []
        : [`run: [${markdownCell(run ?? 'run')}](${encodeURI(relative(document.dir, dir))}/report.html)`]),
    ];
    const title = `### ${markdownCell(injectName(state.day, plan.id))}: ${verdict ?? 'no verdict'}`;
    return `${title}\n\n${lines.map((text) => `- ${text}`).join('\n')}`;
  });
  return `## Expected and come\n\n${parts.join('\n\n')}`;
}

function notes(day: GamedayRead): string {
  const all = numberedNotes(day);
  if (all.length === 0) return '';
  const origin = day.state.begun ?? day.state.opened;
  const rows = all.map(({ number, at, tag, text, by }) => [
    String(number),
    dayTime(at, origin),
    tag,
    markdownCell(text ?? 'nobody wrote a text'),
    markdownCell(by?.who ?? ''),
  ]);
  return `## Notes\n\n${markdownTable(['', 'at', 'kind', 'note', 'who'], rows)}`;
}

function compared({ document, earlier }: GamedayRead): string {
  const rows = comparedDays(document, earlier);
  if (rows.length === 0) return '';
  const days = earlier.slice(-((rows[0]?.values.length ?? 1) - 1)).map(({ started }) => started.slice(0, 10));
  return `## Beside earlier game days\n\n${markdownTable(
    ['inject', 'moment', ...days, 'today'],
    rows.map(({ inject, mark, values }) => [
      markdownCell(inject),
      MARK_NAMES[mark],
      ...values.map((value) => (value === null ? NONE : `${value.toFixed(1)} s`)),
    ]),
  )}`;
}

const actions = ({ document }: GamedayRead): string =>
  `## What follows\n\n${document.actions.length === 0 ? 'Nobody wrote an action down.' : actionLines(document.actions).join('\n')}`;

function left({ document: { not_run: all } }: GamedayRead): string {
  if (all.length === 0) return '';
  const rows = all.map(({ name, reason }) => [markdownCell(name), markdownCell(reason)]);
  return `## Not tried\n\n${markdownTable(['inject', 'reason'], rows)}`;
}
