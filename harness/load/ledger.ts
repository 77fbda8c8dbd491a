import { ANSWERED, type LoadTick, type LoadTotals, type Outcome, type Source } from '../core/load/load.ts';
import { SampleColumns } from '../core/load/samples.ts';
import { judgeAnswer, type Answer, type AnswerHead } from './http/answer.ts';
import { Attempt, writeRecordOf } from './attempt.ts';
import type { FailureOutcome } from './failure.ts';
import type { PreparedRequest } from './http/request.ts';
import { Latencies } from '../core/record/latencies.ts';
import { selectPercentile } from '../core/selection.ts';

/**
 * The requests that have ended since the last batch, for appending to the run's files. Undefined: there is nothing to
 * append.
 */
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

const SETTLED: ReadonlySet<Outcome> = new Set(ANSWERED);

/** Records the end of every planned request of both sources, exactly once. */
export class Ledger {
  readonly #now: () => number;
  readonly #rows = new SampleColumns();
  /** A line is made as soon as its write ends. Making all lines of a second at once would delay requests. */
  #writes: string[] = [];
  /** Counts of the open stream up to the last tick. */
  #before = noCounts();
  /** Counts of the open stream since the last tick. */
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

  /** `done`: when the answer's last byte arrived, epoch milliseconds. */
  answered(attempt: Attempt, done: number, head: AnswerHead, body: () => string): void {
    if (attempt.ended) return;
    const answer = judgeAnswer(attempt.request.spec, head, body);
    this.#end(attempt, answer.outcome, head.status, done, answer);
  }

  failed(attempt: Attempt, outcome: FailureOutcome, status = 0): void {
    if (attempt.ended) return;
    // Nothing was sent without a connection.
    if (!attempt.written) attempt.sent = NaN;
    this.#end(attempt, outcome, status, this.#now());
  }

  inFlight(source: Source): number {
    return this.#inFlight[source];
  }

  /** Counts of the open stream. When nothing is in flight, planned = ok + failed + dropped. */
  get totals(): Counts {
    return sum(this.#before, this.#second);
  }

  /** Returns what waits to be written, and forgets it. */
  takeBatch(): Batch {
    const block = this.#rows.length === 0 ? undefined : this.#rows.takeBlock();
    const writes = this.#writes.length === 0 ? undefined : this.#writes.join('');
    this.#writes = [];
    return { block, writes };
  }

  /** Sums up the time since the last tick. `t`: epoch milliseconds. */
  takeTick(t: number): LoadTick {
    const answered = new Latencies('answered', this.#latencies);
    const lags = new Float64Array(this.#lags);
    const tick: LoadTick = {
      t,
      ...this.#second,
      in_flight: this.#inFlight.open,
      p50_ms: answered.percentile(50),
      p95_ms: answered.percentile(95),
      lag_p99_ms: selectPercentile(lags, 99),
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
