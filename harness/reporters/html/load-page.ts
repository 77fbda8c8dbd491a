import type { LoadDocument, LoadHistory } from '../../core/load/document.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { trafficWithin } from '../../core/record/traffic.ts';
import { count, moment, ms, share } from '../wording/figures.ts';
import { definitions } from './appendix.ts';
import { chartsOf } from './charts/charts.ts';
import { markup, type Markup } from './markup.ts';
import { chartArea, section, shell } from './shell.ts';
import { COLUMNS, failureTable, figuresOf, table } from './tables.ts';
import type { Timeline } from './charts/timeline.ts';
import { verdictHead } from './verdict-head.ts';

const SIGN = { MEASURED: '✓', INCONCLUSIVE: '?', INTERRUPTED: '■', ERROR: '!' } as const;
const LOOK = { MEASURED: 'pass', INCONCLUSIVE: 'inconclusive', INTERRUPTED: 'aborted', ERROR: 'error' } as const;

/** Returns the report.html of a load alone. */
export function loadPage(history: LoadHistory, figures: LoadDocument): string {
  const document = redactDeep(figures);
  const timeline = timelineOf(history, figures);
  const charts = chartsOf(
    {
      requests: history.requests,
      events: history.events,
      plan: { load: history.record.plan },
    },
    timeline,
  );
  return shell({
    title: `${document.verdict} · ${document.title} · ${moment(document.started)}`,
    version: document.environment.harness,
    timeline,
    charts,
    body: markup`${banner(document)}
${cards(document)}
${section('timeline', 'What happened', chartArea(timeline, charts), 'All charts share one time axis, in seconds since the load began.')}
${section('endpoints', 'By endpoint', endpoints(history, figures))}
${section('trust', 'Can this be trusted?', trust(document))}
${section('facts', 'Circumstances', facts(document))}
${section('definitions', 'What the words mean', definitions('load'))}`,
  });
}

function timelineOf({ requests }: LoadHistory, { duration_s, started }: LoadDocument): Timeline {
  const first = requests.planned.reduce((least, t) => Math.min(least, t), Infinity);
  const origin = Number.isFinite(first) ? first : new Date(started).getTime();
  return { origin, length: Math.max(1, duration_s), phases: [], faults: [], lanes: [] };
}

function headline({ verdict, ok, failed, latency_ms, reason, invalid }: LoadDocument): string {
  const figures = `${count(ok)} of ${count(ok + failed)} succeeded, p95 of successes ${ms(latency_ms.p95 ?? undefined)}.`;
  if (verdict === 'MEASURED') return figures;
  return `${reason ?? invalid[0]?.message ?? 'These figures cannot be trusted'}. ${figures}`;
}

const banner = (document: LoadDocument): Markup =>
  verdictHead({
    look: LOOK[document.verdict],
    kicker: `load · ${moment(document.started)}`,
    title: document.title,
    verdict: document.verdict,
    sign: SIGN[document.verdict],
    headline: headline(document),
  });

function cards(document: LoadDocument): Markup {
  const { latency_ms: latency, failed_share: failed, achieved_per_s: achieved } = document;
  const shown = [
    ['p50', ms(latency.p50 ?? undefined), 'of successes'],
    ['p95', ms(latency.p95 ?? undefined), 'of successes'],
    ['p99', ms(latency.p99 ?? undefined), 'of successes'],
    [
      'Failed requests',
      count(document.failed),
      `${share(failed.value ?? undefined)} (${share(failed.lower)} to ${share(failed.upper)})`,
    ],
    ['Offered', achieved === null ? '–' : `${achieved.toFixed(1)}/s`, `of ${document.rate_per_s}/s`],
  ];
  return markup`<dl class="cards">${shown.map(([name, figure, note]) => markup`<div class="card"><dt>${name}</dt><dd><b>${figure}</b> <small>${note}</small></dd></div>`)}</dl>`;
}

function endpoints({ requests, record }: LoadHistory, { duration_s }: LoadDocument): Markup {
  const traffic = trafficWithin({ requests, plan: { load: record.plan } }, { started: -Infinity, ended: Infinity });
  if (requests.length === 0) return markup`<p class="empty">Not one request was made.</p>`;
  const rows = [...traffic.endpoints, ['all', traffic.all] as const].map(([name, of]) => [
    markup`<code>${name}</code>`,
    ...figuresOf(of, duration_s * 1_000),
  ]);
  const columns = COLUMNS.filter((c) => c.name !== 'Length');
  return markup`${table('The stream by endpoint', [{ name: 'Endpoint' }, ...columns], rows)}${failureTable([{ phase: 'requests', all: traffic.all }])}`;
}

function trust({
  invalid,
  lag_ms: lag,
  planned,
  dropped,
  achieved_per_s: achieved,
  rate_per_s: asked,
}: LoadDocument): Markup {
  const items = [
    ...invalid.map((i) => ({ good: false, name: i.code, value: i.message })),
    {
      good: dropped === 0 && planned > 0,
      name: 'The load was offered',
      value: `${count(planned)} planned, ${count(dropped)} dropped by the generator; ${achieved === null ? 'none' : achieved.toFixed(1)} of ${asked} requests per second`,
    },
    {
      good: invalid.every((i) => i.code !== 'CHAOS_GENERATOR_LAG'),
      name: 'The generator kept time',
      value: `half of the requests left within ${ms(lag.p50 ?? undefined)} of their planned moment, 99 % within ${ms(lag.p99 ?? undefined)}`,
    },
  ];
  return markup`<ul class="trust">${items.map((i) => markup`<li class="${i.good ? 'good' : 'bad'}"><span class="sign" aria-hidden="true">${i.good ? '✓' : '✗'}</span><b>${i.name}</b> ${i.value}</li>`)}</ul>`;
}

function facts({ run, base_url, workload, timeout_ms, seed, environment: env }: LoadDocument): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ['Load', run],
    ['Aimed at', base_url],
    ['Workload', workload],
    ['Timeout', ms(timeout_ms)],
    ['Seed', String(seed)],
    ['Command', env.command],
    ['Commit', env.commit === '' ? '' : `${env.commit}${env.dirty ? ' + changes' : ''}`],
    ['Harness', `${env.harness} on Node ${env.node}`],
    ['Host', `${env.cores} cores, ${(env.memory_mib / 1_024).toFixed(1)} GiB, ${env.kernel}`],
  ];
  return markup`<dl class="facts">${rows.filter(([, value]) => value !== '').map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
