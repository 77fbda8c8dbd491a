import { eventsOf } from '../../core/record/history.ts';
import { OUTCOMES } from '../../core/load/load.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import type { Traffic } from '../../core/record/traffic.ts';
import { bounded, count, ms, NONE, perSecond, share } from '../wording/figures.ts';
import { byUrgency, VERDICT_SIGN } from '../wording/headline.ts';
import { measure, type PhaseMeasure, phaseMeasures } from '../wording/measures.ts';
import { type Content, markup, type Markup } from './markup.ts';
import { scroller } from './scroller.ts';
import type { Timeline } from './charts/timeline.ts';

export interface Column {
  readonly name: string;
  readonly number?: boolean;
}

export const table = (caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Markup =>
  scroller(
    caption,
    markup`<table><caption>${caption}</caption><thead><tr>${columns.map((c) => markup`<th scope="col"${c.number === true && markup` class="n"`}>${c.name}</th>`)}</tr></thead>
<tbody>${rows.map(
      (
        row,
      ) => markup`<tr>${row.map((value, i) => (i === 0 ? markup`<th scope="row">${value}</th>` : markup`<td${columns[i]?.number === true && markup` class="n"`}>${value}</td>`))}</tr>
`,
    )}</tbody></table>`,
  );

/** Every result, failed results first. A click on a row shows its phases on the charts. */
export function verdictTable({ document, history }: JudgedRun, timeline: Timeline): Markup {
  if (document.checks.length === 0) return markup`<p class="empty">No hypothesis was judged in this run.</p>`;
  const rows = byUrgency(document.checks).map((c) => {
    const spans = timeline.phases.filter((p) => c.during.some((d) => d === p.name));
    const from = Math.min(...spans.map((p) => p.from));
    const to = Math.max(...spans.map((p) => p.to));
    const zoom = spans.length > 0 && markup` data-a="${from}" data-b="${to}"`;
    const file = c.line === undefined ? '' : `${history.plan.file}:${c.line}`;
    return markup`<tr class="is-${c.verdict.toLowerCase()}"${zoom}><td class="result"><span class="sign" aria-hidden="true">${VERDICT_SIGN[c.verdict]}</span> ${c.verdict}</td><th scope="row">${c.name}${file !== '' && markup` <small title="${file}">line ${c.line}</small>`}</th><td>${c.during.join(', ') || 'whole run'}</td><td>${c.expected}</td><td>${c.observed}</td><td class="n">${count(c.samples)}</td></tr>
`;
  });
  const caption = 'Hypotheses: first failed, then inconclusive, then held';
  return scroller(
    caption,
    markup`<table class="verdicts"><caption>${caption}</caption><thead><tr><th scope="col">Result</th><th scope="col">Hypothesis</th><th scope="col">During</th><th scope="col">Expected</th><th scope="col">Observed</th><th scope="col" class="n">Samples</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** The columns of a traffic table: the length of the time, then the figures in the order of `figuresOf`. */
export const COLUMNS: readonly Column[] = [
  { name: 'Length', number: true },
  { name: 'Requests', number: true },
  { name: 'Succeeded', number: true },
  { name: 'p50', number: true },
  { name: 'p90', number: true },
  { name: 'p95 (95 % bounds)', number: true },
  { name: 'p99', number: true },
  { name: 'Longest', number: true },
  { name: 'p95 of successes', number: true },
  { name: 'Failed', number: true },
  { name: 'Share failed', number: true },
];

/** "1.6×" beside a figure that differs from its baseline by more than 15 %. */
function times(value: number | undefined, baseline: number | undefined): Content {
  if (value === undefined || baseline === undefined || baseline === 0) return '';
  const factor = value / baseline;
  return factor > 1.15 || factor < 0.85 ? markup` <i>${factor < 10 ? factor.toFixed(1) : factor.toFixed(0)}×</i>` : '';
}

export function figuresOf(traffic: Traffic, milliseconds: number, baseline?: Traffic): Content[] {
  const { p50, p90, p95, p95Bounds, p99, max, p95OfSuccesses, failed, atLeast, atMost } = measure(traffic);
  const before = baseline === undefined ? undefined : measure(baseline);
  return [
    count(traffic.offered),
    perSecond(traffic.ok, milliseconds),
    ms(p50),
    ms(p90),
    markup`${bounded(p95, p95Bounds)}${times(p95, before?.p95)}`,
    ms(p99),
    ms(max),
    ms(p95OfSuccesses),
    count(traffic.failed),
    traffic.offered === 0 ? NONE : markup`${share(failed)} <i>${share(atLeast)} to ${share(atMost)}</i>`,
  ];
}

const lengthOf = ({ window }: PhaseMeasure): number => window.ended - window.started;

/** A table of the phases, with all endpoints together, and a table of the failures. */
export function phaseTable({ history }: JudgedRun): Markup {
  const phases = phaseMeasures(history);
  if (phases.length === 0) return markup`<p class="empty">The run did not reach its baseline.</p>`;
  const baseline = phases.find((p) => p.phase === 'baseline')?.all;
  const rows = phases.map((p) => [
    p.phase,
    ms(lengthOf(p)),
    ...figuresOf(p.all, lengthOf(p), p.all === baseline ? undefined : baseline),
  ]);
  return markup`${table('The judged stream by phase', [{ name: 'Phase' }, ...COLUMNS], rows)}${failureTable(phases)}`;
}

/** Traffic with a name, for example of a phase. */
export interface Named {
  readonly phase: string;
  readonly all: Traffic;
}

export function failureTable(phases: readonly Named[]): Markup {
  const met = OUTCOMES.flatMap((name, i) =>
    name !== 'ok' && phases.some((p) => (p.all.outcomes[i] ?? 0) > 0) ? [{ name, i }] : [],
  );
  if (met.length === 0) return markup`<p class="quiet">Not one request failed or was dropped.</p>`;
  const rows = [
    ...met.map(({ name, i }) => [name.replace('_', ' '), ...phases.map((p) => count(p.all.outcomes[i] ?? 0))]),
    ...causeRows(phases),
  ];
  return table(
    'How requests failed',
    [{ name: 'Outcome, status or error code' }, ...phases.map((p) => ({ name: p.phase, number: true }))],
    rows,
  );
}

/** One row for each HTTP status outside 2xx, and one for each error code. */
function causeRows(phases: readonly Named[]): (string | Markup)[][] {
  const counted = (of: (traffic: Traffic) => Readonly<Record<string, number>>): string[][] =>
    [...new Set(phases.flatMap((p) => Object.keys(of(p.all))))]
      .sort()
      .map((name) => [name, ...phases.map((p) => count(of(p.all)[name] ?? 0))]);
  const statuses = counted((traffic) => traffic.statuses).filter(([name = '']) => !name.startsWith('2'));
  return [...statuses.map(([name = '', ...counts]) => [`status ${name}`, ...counts]), ...counted((t) => t.errors)];
}

/** One row for each endpoint, with its p95 and its share failed in each phase. Below: a folded table of all figures. */
export function endpointTable({ history }: JudgedRun): Markup {
  const phases = phaseMeasures(history);
  const names = history.requests.endpoints.filter((name) => phases.some((p) => p.endpoints.has(name)));
  if (names.length === 0) return markup`<p class="empty">Not one request was made.</p>`;
  const short = phases.filter((p) => p.phase !== 'heal');
  const brief = names.map((name) => [
    markup`<code>${name}</code>`,
    ...short.flatMap((p) => {
      const traffic = p.endpoints.get(name);
      if (traffic === undefined) return [NONE, NONE];
      const { p95, failed } = measure(traffic);
      return [ms(p95), traffic.failed > 0 ? markup`<b>${share(failed)}</b>` : markup`<i>0 %</i>`];
    }),
  ]);
  const columns = [
    { name: 'Endpoint' },
    ...short.flatMap((p) => [
      { name: `${p.phase}: p95`, number: true },
      { name: 'failed', number: true },
    ]),
  ];
  const full = names.flatMap((name) =>
    phases.flatMap((p) => {
      const traffic = p.endpoints.get(name);
      return traffic === undefined ? [] : [[markup`<code>${name}</code>`, p.phase, ...figuresOf(traffic, lengthOf(p))]];
    }),
  );
  const all = COLUMNS.filter((c) => c.name !== 'Length');
  return markup`${table('Latency and share failed, by endpoint', columns, brief)}
<details><summary>Every figure of every endpoint</summary>${table('The judged stream by endpoint and phase', [{ name: 'Endpoint' }, { name: 'Phase' }, ...all], full)}</details>`;
}

/** What the audit of writes found. Returns undefined when there was no audit. */
export function auditTable({ history }: JudgedRun): Markup | undefined {
  const findings = eventsOf(history, 'audit').map((e) => e.finding);
  const ended = eventsOf(history, 'audit.ended').at(-1);
  if (findings.length === 0 && ended === undefined) return undefined;
  const bad = (n: number): Content => (n > 0 ? markup`<b class="bad">${count(n)}</b>` : markup`<i>0</i>`);
  const rows = findings.map((f) => [
    markup`<code>${f.endpoint}</code>`,
    count(f.acknowledged),
    ...[f.lost, f.wrong_value, f.overwritten, f.duplicated, f.effect_missing, f.effect_repeated].map(bad),
    markup`${count(f.unknown)} <i>(${count(f.unknown_present)} there)</i>`,
  ]);
  const columns = [
    'Acknowledged',
    'Lost',
    'Wrong value',
    'Overwritten',
    'Twice',
    'No effect',
    'Effect twice',
    'Without an answer',
  ];
  const examples = findings
    .flatMap((f) => f.examples.map((e) => markup`<li><code>${f.endpoint}</code> ${e}</li>`))
    .slice(0, 20);
  const how =
    ended === undefined
      ? 'The audit did not finish.'
      : `${ended.complete ? 'Every acknowledged write was looked up by its key and compared by value' : 'Not every write could be looked up'} on ${ended.primary}, the primary after healing, in ${ms(ended.ms)}. ${ended.problem ?? ''}`;
  return markup`${table('Acknowledged writes, and what the audit found', [{ name: 'Endpoint' }, ...columns.map((name) => ({ name, number: true }))], rows)}
<p class="quiet">${how}</p>${examples.length > 0 && markup`<ul class="examples">${examples}</ul>`}`;
}
