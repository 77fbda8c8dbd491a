import type { LoadTick, LoadTotals, Outcome, Source } from '../core/load/load.ts';
import { SampleColumns } from '../core/load/samples.ts';
import { judgeAnswer, type Answer } from './answer.ts';
import { Attempt, writeRecordOf } from './attempt.ts';
import type { FailureOutcome } from './failure.ts';
import type { PreparedRequest } from './request.ts';
import { selectPercentile } from './selection.ts';

/** What has ended since the last batch, to be appended to the run's files; undefined where there is nothing to append. */
export interface Batch {
  /** For samples/requests.bin. */
  readonly block: Uint8Array | undefined;
  /** Lines for samples/writes.ndjson. */
  readonly writes: string | undefined;
}

type Counts = Omit<LoadTotals, 'utilisation'>;

const noCounts = () => ({ planned: 0, sent: 0, ok: 0, failed: 0, dropped: 0 });
const sum = (a: Counts, b: Counts) => ({
  planned: a.planned + b.planned,
  sent: a.sent + b.sent,
  ok: a.ok + b.ok,
  failed: a.failed + b.failed,
  dropped: a.dropped + b.dropped,
});

const SETTLED: ReadonlySet<Outcome> = new Set(['ok', 'http_error', 'wrong_body']);

/** Where every planned request of both sources ends, exactly once. */
export class Ledger {
  readonly #now: () => number;
  readonly #rows = new SampleColumns();
  /** Lines, made as the writes end: to make a second's worth at once would hold up the requests behind them. */
  #writes: string[] = [];
  /** Up to the last tick, and since. */
  #before = noCounts();
  #second = noCounts();
  #pressure = { ok: 0, failed: 0 };
  #ofWrites = { ok: 0, failed: 0 };
  #latencies: number[] = [];
  #lags: number[] = [];
  #inFlight = { open: 0, pressure: 0 };

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  plan(request: PreparedRequest, source: Source, planned: number): Attempt {
    this.#inFlight[source] += 1;
    if (source === 'open') this.#second.planned += 1;
    return new Attempt(request, source, planned);
  }

  sent(attempt: Attempt): void {
    attempt.sent = this.#now();
    if (!attempt.pressure) this.#lags.push(attempt.sent - attempt.planned);
  }

  written(attempt: Attempt): void {
    attempt.written = true;
    if (!attempt.pressure) this.#second.sent += 1;
  }

  /** `done`: when its last byte was there. */
  answered(attempt: Attempt, done: number, status: number, body: () => string): void {
    if (attempt.ended) return;
    const answer = judgeAnswer(attempt.request.spec, status, body);
    this.#end(attempt, answer.outcome, status, done, answer);
  }

  failed(attempt: Attempt, outcome: FailureOutcome, status = 0): void {
    if (attempt.ended) return;
    // A connection that never came to be has carried nothing.
    if (!attempt.written) attempt.sent = NaN;
    this.#end(attempt, outcome, status, this.#now());
  }

  inFlight(source: Source): number {
    return this.#inFlight[source];
  }

  /** Of the open stream. Once nothing is in flight, planned = ok + failed + dropped. */
  get totals(): Counts {
    return sum(this.#before, this.#second);
  }

  /** Empties what is waiting to be written. */
  takeBatch(): Batch {
    const block = this.#rows.length === 0 ? undefined : this.#rows.takeBlock();
    const writes = this.#writes.length === 0 ? undefined : this.#writes.join('');
    this.#writes = [];
    return { block, writes };
  }

  /** Sums up the time since the last tick. */
  takeTick(t: number): LoadTick {
    const latencies = new Float64Array(this.#latencies);
    const lags = new Float64Array(this.#lags);
    const tick: LoadTick = {
      t,
      ...this.#second,
      in_flight: this.#inFlight.open,
      p50_ms: selectPercentile(latencies, 0.5),
      p95_ms: selectPercentile(latencies, 0.95),
      lag_p99_ms: selectPercentile(lags, 0.99),
      pressure_ok: this.#pressure.ok,
      pressure_failed: this.#pressure.failed,
      writes: this.#ofWrites,
    };
    this.#before = sum(this.#before, this.#second);
    this.#second = noCounts();
    this.#pressure = { ok: 0, failed: 0 };
    this.#ofWrites = { ok: 0, failed: 0 };
    this.#latencies = [];
    this.#lags = [];
    return tick;
  }

  #end(attempt: Attempt, outcome: Outcome, status: number, done: number, answer?: Answer): void {
    attempt.end(outcome, status, done);
    this.#inFlight[attempt.pressure ? 'pressure' : 'open'] -= 1;
    this.#rows.add(attempt);
    const record = writeRecordOf(attempt, outcome, answer);
    if (record !== undefined) this.#writes.push(`${JSON.stringify(record)}\n`);
    if (attempt.pressure) {
      this.#pressure[outcome === 'ok' ? 'ok' : 'failed'] += 1;
      return;
    }
    if (outcome === 'dropped') this.#second.dropped += 1;
    else {
      const as = outcome === 'ok' ? 'ok' : 'failed';
      this.#second[as] += 1;
      if (attempt.request.spec.kind === 'write') this.#ofWrites[as] += 1;
    }
    if (SETTLED.has(outcome)) this.#latencies.push(done - attempt.planned);
  }
}
