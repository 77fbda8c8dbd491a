import type { LoadDocument } from '../../core/load/document.ts';
import { OUTCOMES, type Outcome, type RequestTable } from '../../core/load/load.ts';
import { type Figure, figuresOf } from './figure.ts';
import { deedsOf, repeatedIn, type Stub, type StubLog, type StubOptions, type StubSpan } from './stub.ts';
import {
  arrivalRate,
  dueWithin,
  frozenLatencies,
  fullestSlotPercent,
  loggedLatencies,
  percentileOf,
  servedMs,
} from './truth.ts';

/** What a case compares: the log that the stub wrote, and the record that the instrument wrote. */
interface CaseRun {
  readonly log: StubLog;
  readonly document: LoadDocument;
  readonly requests: RequestTable;
  readonly ratePerS: number;
  readonly durationMs: number;
  readonly timeoutMs: number;
}

export interface Case {
  readonly name: string;
  readonly about: string;
  readonly stub: StubOptions;
  readonly ratePerS: number;
  readonly durationMs: number;
  /** The duration with --quick, milliseconds. */
  readonly quickMs: number;
  readonly timeoutMs: number;
  /** Something that happens to the stub. `at`: when, as a share of the duration, 0 to 1. */
  readonly event?: { readonly at: number; strike(stub: Stub): void };
  figures(seen: CaseRun): readonly Figure[];
}

const FREEZE_MS = 2_000;
const OUTAGE_MS = 3_000;
const SERVICE_MS = 5;

const spanOf = ({ spans }: StubLog, did: StubSpan['did']): StubSpan =>
  spans.find((s) => s.did === did) ?? { did, from: NaN, until: NaN };
const firstArrival = ({ requests }: StubLog): number =>
  requests.reduce((least, r) => Math.min(least, r.arrived), Infinity);
const countOf = ({ outcomes }: LoadDocument, outcome: Outcome): number => outcomes[outcome] ?? 0;
const planned = ({ ratePerS, durationMs }: CaseRun): number => Math.round((ratePerS * durationMs) / 1_000);

/** Returns, for each request with this outcome, the time from its planned moment to `time`, milliseconds. */
function timesOf(requests: RequestTable, outcome: Outcome, time: 'firstByte' | 'done' = 'done'): number[] {
  const wanted = OUTCOMES.indexOf(outcome);
  const times: number[] = [];
  for (let i = 0; i < requests.length; i += 1) {
    if (requests.outcome[i] === wanted) times.push((requests[time][i] ?? NaN) - (requests.planned[i] ?? NaN));
  }
  return times;
}

const fixed: Case = {
  name: 'fixed latency',
  about: 'every answer after 100 ms',
  stub: { latencyMs: 100 },
  ratePerS: 100,
  durationMs: 5_000,
  quickMs: 2_000,
  timeoutMs: 5_000,
  figures({ log, document: { latency_ms: latency, ok } }) {
    const { exactly, within } = figuresOf('fixed latency');
    const served = servedMs(log.requests);
    return [
      exactly('answered', log.requests.length, ok),
      within('p50', 'ms', percentileOf(served, 50), latency.p50 ?? NaN, 3),
      within('p95', 'ms', percentileOf(served, 95), latency.p95 ?? NaN, 10),
    ];
  },
};

const freeze: Case = {
  name: 'freeze',
  about: 'nothing is answered for 2 s',
  stub: { latencyMs: SERVICE_MS },
  ratePerS: 300,
  durationMs: 20_000,
  quickMs: 6_000,
  timeoutMs: 5_000,
  event: { at: 0.4, strike: (stub) => stub.freeze(FREEZE_MS) },
  figures(seen) {
    const { exactly, near } = figuresOf('freeze');
    const { log, document, ratePerS, durationMs, requests } = seen;
    const truth = frozenLatencies(spanOf(log, 'froze'), firstArrival(log), ratePerS, durationMs, SERVICE_MS);
    const logged = loggedLatencies(log, ratePerS);
    const { latency_ms: latency } = document;
    const slow = (latencies: readonly number[]): number => latencies.filter((ms) => ms > 500).length;
    return [
      exactly('answered', planned(seen), document.ok),
      near('p95, by arithmetic', 'ms', percentileOf(truth, 95), latency.p95 ?? NaN, 0.05),
      near('p99, by arithmetic', 'ms', percentileOf(truth, 99), latency.p99 ?? NaN, 0.05),
      near("p95, by the server's log", 'ms', percentileOf(logged, 95), latency.p95 ?? NaN, 0.03),
      near("p99, by the server's log", 'ms', percentileOf(logged, 99), latency.p99 ?? NaN, 0.03),
      near('slower than 500 ms', '', slow(logged), slow(timesOf(requests, 'ok')), 0.03),
    ];
  },
};

const outage: Case = {
  name: 'outage',
  about: 'connections are refused for 3 s',
  stub: { latencyMs: SERVICE_MS },
  ratePerS: 300,
  durationMs: 8_000,
  quickMs: 6_000,
  timeoutMs: 5_000,
  event: { at: 0.25, strike: (stub) => stub.refuse(OUTAGE_MS) },
  figures(seen) {
    const { exactly, near, within, atMost } = figuresOf('outage');
    const { log, document, requests, ratePerS } = seen;
    const down = spanOf(log, 'refused');
    const after = Array.from(requests.planned).flatMap((at, i) =>
      at >= down.until + 500 ? [(requests.done[i] ?? NaN) - at] : [],
    );
    return [
      exactly('planned', planned(seen), document.planned),
      near('failed', '', dueWithin(down, ratePerS), document.failed, 0.02),
      exactly('answered and failed', document.planned, document.ok + document.failed),
      exactly('sent twice', 0, repeatedIn(log)),
      within('p50 after it', 'ms', SERVICE_MS, percentileOf(after, 50), 5),
      atMost(
        'refused and also served',
        '',
        0,
        log.requests.filter((r) => r.arrived > down.from && r.arrived < down.until).length,
      ),
    ];
  },
};

const closed: Case = {
  name: 'closed',
  about: 'one request of 20 has its connection closed without an answer',
  stub: { latencyMs: SERVICE_MS, closeEvery: 20 },
  ratePerS: 400,
  durationMs: 5_000,
  quickMs: 5_000,
  timeoutMs: 5_000,
  figures(seen) {
    const { exactly } = figuresOf('closed');
    const { log, document } = seen;
    return [
      exactly('closed by the server', 100, deedsOf(log).closed),
      exactly(
        'counted as closed',
        deedsOf(log).closed,
        // Which of the two outcomes is counted depends on whether the connection had carried an answer before.
        countOf(document, 'closed') + countOf(document, 'reused_closed'),
      ),
      exactly('received', planned(seen), log.requests.length),
      exactly('sent twice', 0, repeatedIn(log)),
    ];
  },
};

const broken: Case = {
  name: 'broken answers',
  about: 'bodies cut off, error statuses, refusals with Retry-After, answers without the expected fields',
  stub: { latencyMs: SERVICE_MS, truncateEvery: 10, rejectEvery: 11, wrongEvery: 13, turnAwayEvery: 17 },
  ratePerS: 200,
  durationMs: 4_000,
  quickMs: 2_000,
  timeoutMs: 5_000,
  figures({ log, document }) {
    const { exactly } = figuresOf('broken answers');
    const deeds = deedsOf(log);
    return [
      exactly('cut off', deeds.truncated, countOf(document, 'truncated')),
      exactly('error status', deeds.rejected, countOf(document, 'http_error')),
      exactly('turned away', deeds['turned away'], countOf(document, 'turned_away')),
      exactly('wrong body', deeds.wrong, countOf(document, 'wrong_body')),
      exactly('answered', deeds.answered, document.ok),
    ];
  },
};

const HEADERS_MS = 60;
const BODY_MS = 140;

const slow: Case = {
  name: 'slow headers',
  about: 'headers after 60 ms, bodies 140 ms later; one request of 20 is never answered',
  stub: { latencyMs: HEADERS_MS, bodyMs: BODY_MS, stallEvery: 20 },
  ratePerS: 100,
  durationMs: 4_000,
  quickMs: 2_000,
  timeoutMs: 1_000,
  figures({ log, document, requests, timeoutMs }) {
    const { exactly, within } = figuresOf('slow headers');
    const served = servedMs(log.requests.filter((r) => r.did === 'answered'));
    const headers = servedMs(log.requests.filter((r) => r.did === 'stalled'));
    return [
      within(
        'first byte, p50',
        'ms',
        percentileOf(headers, 50),
        percentileOf(timesOf(requests, 'ok', 'firstByte'), 50),
        5,
      ),
      within('p50', 'ms', percentileOf(served, 50), document.latency_ms.p50 ?? NaN, 5),
      exactly('timeouts', deedsOf(log).stalled, countOf(document, 'timeout')),
      within('given up after', 'ms', timeoutMs, percentileOf(timesOf(requests, 'timeout'), 50), 25),
    ];
  },
};

const arrivals: Case = {
  name: 'arrivals',
  about: '1,000 a second, as the server sees them',
  stub: { latencyMs: 0 },
  ratePerS: 1_000,
  durationMs: 6_000,
  quickMs: 3_000,
  timeoutMs: 5_000,
  figures({ log, document, ratePerS }) {
    const { near, atMost } = figuresOf('arrivals');
    return [
      near('arrived', '/s', ratePerS, arrivalRate(log), 0.005),
      near('achieved, as reported', '/s', ratePerS, document.achieved_per_s ?? NaN, 0.005),
      atMost('fullest 10 ms of a second', '%', 2, fullestSlotPercent(log)),
      atMost('late, p50', 'ms', 0.5, document.lag_ms.p50 ?? NaN),
      atMost('late, p99', 'ms', 5, document.lag_ms.p99 ?? NaN),
    ];
  },
};

/** Groups of lanes. The cases of one lane run one after another. The lanes of one group run side by side. */
export const GROUPS: readonly (readonly (readonly Case[])[])[] = [
  // These cases mostly wait. When the freeze of a full calibration ends, only 100 requests a second run beside it.
  [[freeze], [outage, fixed, slow, closed, broken]],
  // This case measures to a tenth of a millisecond, so it has the machine to itself.
  [[arrivals]],
];
