import { POPULATIONS } from '../../core/record/latencies.ts';
import type { LoadDocument } from '../../core/load/document.ts';
import type { LoadFigures } from '../../core/load/figures.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { LoadTick } from '../../core/load/load.ts';
import type { Subscriber } from '../../core/record/run.ts';
import type { TextSink } from '../../core/world.ts';
import { columns } from '../wording/columns.ts';
import { count, ms, NONE, share } from '../wording/figures.ts';

/** Without a terminal: milliseconds between two lines. */
const EVERY_MS = 5_000;

const CLEAR = '\r\x1b[2K';

/** Shows the progress of a load: one line that is overwritten on a terminal, plain lines without a terminal. */
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

/** The line must not wrap, because a wrapped line cannot be overwritten. Some terminals report no columns at all. */
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
    `answers: p50 ${ms(tick.p50_ms)}`,
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

/**
 * Returns the final table, with one row for each endpoint and the sum in the last row. Below it: what failed, and
 * whether the figures can be trusted.
 */
export function renderLoad(document: LoadDocument): string {
  const {
    endpoints,
    invalid,
    reason,
    verdict,
    dir,
    judged_ms: judged,
    latency_ms: successes,
    failed_share: failedShare,
  } = document;
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
    `latencies: ${POPULATIONS.judged}, from the planned moment; p95: ${bounds}; p95 of successes: ${ms(successes.p95 ?? undefined)}`,
    `failed: ${share(failedShare.value ?? undefined)} of ${count(document.ok + document.failed)} (95 % bounds ${share(failedShare.lower)} to ${share(failedShare.upper)})${failures.length > 0 ? `: ${failures.map(([name, n]) => `${name} ${count(n)}`).join(', ')}` : ''}`,
    ...(failures.length > 0 ? causesOf(document) : []),
    ...(document.in_flight > 0 ? [`in flight when the record ended: ${count(document.in_flight)}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...invalid.map((i) => `${i.code} ${i.message}`),
    verdict === 'MEASURED' ? 'the load was offered as planned: you can trust these figures' : verdict,
    dir,
    '',
  ].join('\n');
}

/** Returns lines that say with which HTTP statuses and error codes requests ended. */
const causesOf = ({ statuses, errors }: LoadFigures): readonly string[] =>
  Object.entries({ 'answers by status': statuses, 'errors by code': errors }).flatMap(([what, counts]) => {
    const texts = Object.entries(counts).map(([name, n]) => `${name} ${count(n)}`);
    return texts.length === 0 ? [] : [`${what}: ${texts.join(', ')}`];
  });

const rowOf = (name: string, f: LoadFigures): readonly string[] => [
  name,
  count(f.planned),
  count(f.ok),
  f.dropped > 0 ? `${count(f.failed)} (+${count(f.dropped)} dropped)` : count(f.failed),
  ...[f.judged_ms.p50, f.judged_ms.p90, f.judged_ms.p95, f.judged_ms.p99, f.judged_ms.max].map((v) =>
    ms(v ?? undefined),
  ),
  f.achieved_per_s === null ? NONE : `${f.achieved_per_s.toFixed(1)}/s`,
  ms(f.lag_ms.p50 ?? undefined),
  ms(f.lag_ms.p99 ?? undefined),
];
