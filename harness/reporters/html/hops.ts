import type { HopCounts, LostAttempts, Reconciliation } from '../../core/record/hops.ts';
import { eventsOf } from '../../core/record/history.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { accountLine, ledgerSum } from '../wording/account.ts';
import { count, ms, seconds } from '../wording/figures.ts';
import { markup, type Markup } from './markup.ts';
import { scroller } from './scroller.ts';

const SOURCE = { open: 'The judged stream', pressure: 'The pressure beside it' } as const;

/** The width of a bar, in units of its SVG. */
const WIDTH = 1_000;
const HEIGHT = 18;
/** The least width of a part, so that one request among many thousands is visible. */
const LEAST = 3;

type Tone = 'good' | 'calm' | 'warn' | 'bad';
/** Colours as attributes, because the style sheet may be blocked. */
const FILL: Readonly<Record<Tone, string>> = { good: '#3f9a52', calm: '#868a91', warn: '#d9822b', bad: '#cf4a3f' };

interface Part {
  readonly name: string;
  readonly count: number;
  readonly tone: Tone;
}

/** Where every request went from hop to hop. Returns undefined when no logs were compared. */
export function hopSection({ history }: JudgedRun, origin: number): Markup | undefined {
  const reconciliation = eventsOf(history, 'hops').at(-1);
  if (reconciliation === undefined) return undefined;
  const { good, text } = accountLine(reconciliation);
  return markup`<p class="account ${good ? 'good' : 'bad'}"><span class="sign" aria-hidden="true">${good ? '✓' : '✗'}</span> ${text}.</p>
${reconciliation.rows.map((row) => rowMarkup(row, reconciliation, origin))}
<p class="quiet">Read from the logs of ${hopNames(reconciliation)} after the load, in ${ms(reconciliation.ms)}.</p>`;
}

function rowMarkup(row: HopCounts, { edge, balancer = edge, app }: Reconciliation, origin: number): Markup {
  const caption = `${SOURCE[row.source]}, from hop to hop`;
  const table = markup`<table class="hops"><caption>${caption}</caption><thead><tr><th scope="col">Hop</th><th scope="col" class="n">Count</th><th scope="col">Outcome</th></tr></thead><tbody>${stages(row, { edge, balancer, app }).map(stage)}</tbody></table>`;
  return markup`<h3>${SOURCE[row.source]}</h3>
<p class="quiet">${ledgerSum(row)}</p>
${scroller(caption, table)}
${differences(row, origin)}`;
}

const hopNames = ({ edge, balancer, app }: Reconciliation): string =>
  balancer === undefined ? `${edge} and ${app}` : `${edge}, ${balancer} and ${app}`;

interface Stage {
  readonly name: string;
  readonly total: number;
  readonly parts: readonly Part[];
}

function stages(
  row: HopCounts,
  { edge, balancer, app }: Readonly<Record<'edge' | 'balancer' | 'app', string>>,
): Stage[] {
  const { attempts } = row;
  const away = row.failed - row.never_sent;
  const { answered: reached = 0, ...others } = attempts.outcomes;
  const own = Object.entries(row.edge.statuses).map(([status, n]): Part => ({
    name: `${edge}’s own ${status}`,
    count: n,
    tone: 'bad',
  }));
  const unanswered = Object.entries(others).map(([name, n]): Part => ({ name, count: n, tone: 'warn' }));
  const replicas = Object.entries(row.app.replicas).map(([name, n]): Part => ({ name, count: n, tone: 'good' }));
  return [
    {
      name: 'planned by the client',
      total: row.planned,
      parts: [
        { name: 'answered', count: row.answered, tone: 'good' },
        { name: 'sent, no whole answer', count: away, tone: 'bad' },
        { name: 'never sent', count: row.never_sent, tone: 'bad' },
        { name: 'in flight', count: row.in_flight, tone: 'calm' },
        { name: 'dropped by the generator', count: row.dropped, tone: 'bad' },
      ],
    },
    {
      name: `seen by ${edge}`,
      total: row.edge.seen,
      parts: [
        { name: 'a replica’s answer', count: row.edge.from_upstream, tone: 'good' },
        { name: 'from its cache', count: row.edge.from_cache, tone: 'calm' },
        ...own,
        { name: 'client gave up', count: row.edge.gave_up, tone: 'warn' },
      ],
    },
    {
      name: `attempts of ${balancer}, ${count(attempts.retries)} of them retries`,
      total: attempts.total,
      parts: [{ name: 'answered', count: reached, tone: 'good' }, ...unanswered],
    },
    { name: `logged by ${app}`, total: row.app.seen, parts: replicas },
  ];
}

function stage({ name, total, parts }: Stage): Markup {
  const some = parts.filter((part) => part.count > 0);
  const keys = some.map((p) => markup`<li class="tone-${p.tone}"><b>${count(p.count)}</b> ${p.name}</li>`);
  return markup`<tr><th scope="row">${name}</th><td class="n">${count(total)}</td><td>${bar(some)}<ul class="parts">${keys}</ul></td></tr>
`;
}

/** Draws the parts of a bar. A part is as wide as its count, and wide enough to be seen. */
function bar(parts: readonly Part[]): Markup {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const least = parts.map((part) => Math.max(LEAST, (part.count / Math.max(1, total)) * WIDTH));
  const scale = WIDTH / least.reduce((sum, width) => sum + width, 0);
  let x = 0;
  const rects = parts.map((part, i) => {
    const width = (least[i] ?? 0) * scale;
    const opacity = i % 2 === 0 ? '0.85' : '0.6';
    const rect = markup`<rect class="tone-${part.tone}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}" fill="${FILL[part.tone]}" fill-opacity="${opacity}"><title>${`${part.name}: ${count(part.count)}`}</title></rect>`;
    x += width;
    return rect;
  });
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="100%" height="${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${rects}</svg>`;
}

/** A table of the differences, each with its count and some request ids to search for in the logs. */
function differences({ differences: found, lost_attempts: lost }: HopCounts, origin: number): Markup {
  if (found.length === 0 && lost.length === 0) return markup`<p class="quiet">All hops agree on every request.</p>`;
  const rows = [
    ...found.map((d) => ({ ...d, text: d.explained ? d.what : `Unexplained: ${d.what}` })),
    ...lost.map((l) => ({ ...l, explained: true, text: lostText(l, origin) })),
  ];
  const lines = rows.map(
    (d) =>
      markup`<tr><td class="n">${d.explained ? count(d.count) : markup`<b class="bad">${count(d.count)}</b>`}</td><td>${d.text}</td><td>${d.examples.map((id) => markup`<code>${id}</code> `)}</td></tr>
`,
  );
  return scroller(
    'Where two hops differ',
    markup`<table class="differences"><caption>Where two hops differ</caption><thead><tr><th scope="col" class="n">Count</th><th scope="col">What</th><th scope="col">For example</th></tr></thead><tbody>${lines}</tbody></table>`,
  );
}

const ENDS: Readonly<Record<LostAttempts['outcome'], string>> = {
  answered: 'answered',
  refused: 'refused: nothing accepted the connection',
  unreachable: 'no connection in time',
  broken: 'sent, and the connection broke before an answer, so the replica may have acted on it',
  timeout: 'sent, and no answer in time',
  abandoned: 'given up by the client before an answer',
  retried: 'ended without an answer, and the request was tried again',
};

function lostText({ address, replica, outcome, first, last }: LostAttempts, origin: number): string {
  const where = address === '' ? 'an unknown replica' : replica === undefined ? address : `${replica} (${address})`;
  const at = (t: number): string => seconds(t - origin);
  const when = at(first) === at(last) ? `at ${at(first)}` : `from ${at(first)} to ${at(last)}`;
  return `attempts at ${where} ${when}: ${ENDS[outcome]}`;
}
