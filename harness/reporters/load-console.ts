import type { LoadDocument } from '../core/load/document.ts';
import type { LoadFigures } from '../core/load/figures.ts';
import type { RunEvent } from '../core/events.ts';
import type { LoadTick } from '../core/load/load.ts';
import type { Subscriber } from '../core/run.ts';
import type { TextSink } from '../core/world.ts';
import { columns } from './columns.ts';
import { count, ms, NONE, share } from './figures.ts';

/** Without a terminal: a line this often, milliseconds. */
const EVERY_MS = 5_000;

const CLEAR = '\r\x1b[2K';

/** How a load goes: one line that is written over on a terminal, plain lines without one. */
export function liveLoad(sink: TextSink, durationMs: number): Subscriber {
  let begun: number | undefined;
  let written = 0;
  let total = { ok: 0, failed: 0, dropped: 0 };
  return {
    onEvent(event: RunEvent) {
      if (event.kind === 'interrupted' || event.kind === 'error') sink.write(sink.isTTY ? CLEAR : '');
      if (event.kind !== 'load') return;
      begun ??= event.t - 1_000;
      total = {
        ok: total.ok + event.ok,
        failed: total.failed + event.failed,
        dropped: total.dropped + event.dropped,
      };
      const line = `${((event.t - begun) / 1_000).toFixed(0)} s of ${(durationMs / 1_000).toFixed(0)} s  ${tickText(event, total)}`;
      if (sink.isTTY) sink.write(`${CLEAR}${line.slice(0, widthOf(sink))}`);
      else if (event.t - written >= EVERY_MS - 500) {
        written = event.t;
        sink.write(`${line}\n`);
      }
    },
    close: () => sink.write(sink.isTTY ? CLEAR : ''),
  };
}

/** A line that wraps cannot be written over. Some terminals say that they have no columns at all. */
const widthOf = ({ columns }: TextSink): number => (columns > 20 ? columns - 1 : 99);

const tickText = (
  tick: LoadTick,
  total: { readonly ok: number; readonly failed: number; readonly dropped: number },
): string =>
  [
    `${count(tick.planned)}/s`,
    `ok ${count(total.ok)}`,
    `failed ${count(total.failed)}`,
    ...(total.dropped > 0 ? [`dropped ${count(total.dropped)}`] : []),
    `in flight ${count(tick.in_flight)}`,
    `p50 ${ms(tick.p50_ms)}`,
    `p95 ${ms(tick.p95_ms)}`,
    `late ${ms(tick.lag_p99_ms)}`,
  ].join('  ');

const HEAD = [
  'endpoint',
  'planned',
  'ok',
  'failed',
  'p50',
  'p90',
  'p95',
  'p99',
  'max',
  'offered',
  'late p50',
  'late p99',
];

/** The final table: a row each endpoint, the sum last; then what failed and whether the figures may be believed. */
export function renderLoad(document: LoadDocument): string {
  const { endpoints, invalid, reason, verdict, dir, judged_ms: judged, failed_share: failedShare } = document;
  const one = endpoints.length === 1;
  const rows = [
    ...(one ? [] : endpoints.map((e) => rowOf(e.name, e))),
    rowOf(one ? (endpoints[0]?.name ?? 'all') : 'all', document),
  ];
  const failures = Object.entries(document.outcomes).filter(([name]) => name !== 'ok');
  const bounds =
    judged.p95_lower === null && judged.p95_upper === null
      ? 'too few requests for bounds'
      : `95 % bounds ${ms(judged.p95_lower ?? 0)} to ${ms(judged.p95_upper ?? Infinity)}`;
  return [
    `${document.title}, timeout ${ms(document.timeout_ms)}, seed ${document.seed}`,
    '',
    ...columns(HEAD, rows),
    '',
    `latencies are of successful requests, from the planned moment; p95 with failures counted as slow: ${ms(judged.p95 ?? undefined)} (${bounds})`,
    `failed: ${share(failedShare.value ?? undefined)} of ${count(document.ok + document.failed)} (95 % bounds ${share(failedShare.lower)} to ${share(failedShare.upper)})${failures.length > 0 ? `: ${failures.map(([name, n]) => `${name} ${count(n)}`).join(', ')}` : ''}`,
    ...(document.in_flight > 0 ? [`in flight when the record ended: ${count(document.in_flight)}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...invalid.map((i) => `${i.code} ${i.message}`),
    verdict === 'MEASURED' ? 'the load was offered as planned: these figures may be believed' : verdict,
    dir,
    '',
  ].join('\n');
}

const rowOf = (name: string, f: LoadFigures): readonly string[] => [
  name,
  count(f.planned),
  count(f.ok),
  f.dropped > 0 ? `${count(f.failed)} (+${count(f.dropped)} dropped)` : count(f.failed),
  ...[f.latency_ms.p50, f.latency_ms.p90, f.latency_ms.p95, f.latency_ms.p99, f.latency_ms.max].map((v) =>
    ms(v ?? undefined),
  ),
  f.achieved_per_s === null ? NONE : `${f.achieved_per_s.toFixed(1)}/s`,
  ms(f.lag_ms.p50 ?? undefined),
  ms(f.lag_ms.p99 ?? undefined),
];
