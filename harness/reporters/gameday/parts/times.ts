import type { GamedayState, InjectState } from '../../../core/gameday/state.ts';
import { injectTimes, MARKS, type MarkTime } from '../../../core/gameday/times.ts';
import { type Content, markup, type Markup } from '../../html/markup.ts';
import { scroller } from '../../html/scroller.ts';
import type { Timeline } from '../../html/charts/timeline.ts';
import { injectName } from '../../wording/describe-gameday.ts';
import { cameText, MARK_NAMES, markResult, span } from '../../wording/gameday.ts';
import { VERDICT_SIGN } from '../../wording/headline.ts';

/** The class that a moment is coloured by. */
const lookOf = ({ inTime }: MarkTime): string => (inTime === null ? '' : inTime ? 'is-pass' : 'is-fail');
const signOf = ({ inTime }: MarkTime): string => (inTime === null ? '' : inTime ? '✓' : '✗');

/** What came, above what was expected. */
const cell = (time: MarkTime): Markup =>
  markup`<td class="n"><span class="result ${lookOf(time)}"><span class="sign" aria-hidden="true">${signOf(time)}</span> ${cameText(time)}</span><span class="heard"> ${markResult(time)}</span> <small>${time.expectedMs === null ? '' : `of ${span(time.expectedMs)}`}</small></td>`;

/** One row for each inject whose failure was in force; undefined when none was. A click shows it on the charts. */
export function timesTable(state: GamedayState, { faults }: Timeline): Markup | undefined {
  const tried = state.injects.filter(({ injected }) => injected !== undefined);
  if (tried.length === 0) return undefined;
  const rows = tried.map((inject) => {
    const spans = faults.filter(({ id }) => id === inject.plan.id);
    const from = Math.max(0, Math.min(...spans.map((one) => one.from)) - 30);
    const to = Math.max(...spans.map((one) => one.to)) + 60;
    const zoom: Content = spans.length > 0 && markup` data-a="${from}" data-b="${to}"`;
    const { verdict } = inject;
    return markup`<tr${zoom}><th scope="row">${injectName(state.day, inject.plan.id)}</th><td class="result is-${(verdict ?? '').toLowerCase()}">${verdict === undefined ? 'no verdict' : markup`<span class="sign" aria-hidden="true">${VERDICT_SIGN[verdict]}</span> ${verdict}`}</td>${injectTimes(inject, state).map(cell)}</tr>
`;
  });
  const caption = 'What came, and what was expected';
  const heads = MARKS.map((mark) => markup`<th scope="col" class="n">${MARK_NAMES[mark]}</th>`);
  return scroller(
    caption,
    markup`<table class="moments"><caption>${caption}</caption><thead><tr><td></td><td></td><th scope="colgroup" class="n">machines</th><th scope="colgroup" colspan="3" class="n">people</th><th scope="colgroup" class="n">machines</th></tr><tr><th scope="col">Inject</th><th scope="col">Verdict</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** Width of the longest bar, pixels. */
const WIDTH = 260;
const HEIGHT = 16;

/** The five moments of one inject, each with a bar from the failure to what came, and a tick where it was expected. */
export function momentTable(inject: InjectState, state: GamedayState): Markup {
  const times = injectTimes(inject, state);
  const longest = Math.max(1, ...times.flatMap(({ countedMs, expectedMs }) => [countedMs ?? 0, expectedMs ?? 0]));
  const rows = times.map(
    (time) =>
      markup`<tr><th scope="row">${MARK_NAMES[time.mark]}</th><td><i>${time.of}</i></td><td class="n">${span(time.expectedMs)}</td><td class="n"><span class="result ${lookOf(time)}">${cameText(time)}</span></td><td>${barOf(time, longest)}</td><td class="result ${lookOf(time)}">${markResult(time)}</td><td>${time.what ?? ''}</td></tr>
`,
  );
  const caption = `The moments of ${inject.plan.name}`;
  const heads = ['Moment', 'Of', 'Expected', 'Came', 'Since the failure', 'Result', 'Who or what'];
  return scroller(
    caption,
    markup`<table><caption>${caption}</caption><thead><tr>${heads.map((name) => markup`<th scope="col"${(name === 'Expected' || name === 'Came') && markup` class="n"`}>${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function barOf({ countedMs, expectedMs, inTime, of }: MarkTime, longest: number): Markup {
  const x = (ms: number): string => ((ms / longest) * (WIDTH - 4)).toFixed(1);
  const color = inTime === false ? '--bad' : of === 'people' ? '--c1' : '--c4';
  const came =
    countedMs !== null && markup`<rect y="4" width="${x(countedMs)}" height="8" rx="2" fill="var(${color})"/>`;
  const expected =
    expectedMs !== null && markup`<path d="M${x(expectedMs)} 0v${HEIGHT}" stroke="var(--ink)" stroke-width="2"/>`;
  const label = `came ${span(countedMs)}, expected ${span(expectedMs)}`;
  return markup`<svg class="bar" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${came}${expected}</svg>`;
}
