import { expect } from 'chai';
import { describe, it } from 'mocha';
import { constantRate } from '../../../harness/core/load/arrivals.ts';
import { OUTCOMES, type RequestTable } from '../../../harness/core/load/load.ts';
import { decodeBlocks, samplesSchema } from '../../../harness/core/load/samples.ts';
import { Generator } from '../../../harness/load/generator.ts';
import { Ledger } from '../../../harness/load/ledger.ts';
import { seededMix } from '../../../harness/load/mix.ts';
import { ArrivalStream, Schedule } from '../../../harness/load/stream.ts';
import type { Exchange, Pending, Transport } from '../../../harness/load/http/transport.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';
import { WORKLOAD } from './workload.ts';

const START = 1_000_000;

/** A transport that remembers each exchange, and answers a request only when the test calls `answer`. */
class Wire implements Transport {
  readonly sent: Exchange[] = [];
  abandoned = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  send = (_request: unknown, exchange: Exchange): Pending => {
    this.sent.push(exchange);
    exchange.onSent();
    exchange.onWritten();
    return { abandon: () => (this.abandoned += 1) };
  };
  connect = async (): Promise<void> => undefined;
  close = (): void => undefined;

  answer(i: number): void {
    this.sent[i]?.onAnswer(this.#now(), { status: 200, retryAfter: false }, () => '{"id":1,"version":1}');
  }
}

function setUp({ ratePerS = 100, durationMs = 1_000, maxInFlight = 1_000 } = {}) {
  const clock = new ManualClock(START);
  const wire = new Wire(clock.now);
  const ledger = new Ledger(clock.now);
  const generator = new Generator({
    stream: new ArrivalStream(new Schedule(constantRate(ratePerS), durationMs, 0), seededMix(WORKLOAD, 42, 'run-')),
    transport: wire,
    ledger,
    now: clock.now,
    start: START,
    timeoutMs: 500,
    maxInFlight,
  });
  return { clock, wire, ledger, generator };
}
const taken = (ledger: Ledger): RequestTable =>
  decodeBlocks(ledger.takeBatch().block ?? new Uint8Array(0), samplesSchema(WORKLOAD));
const outcomes = (ledger: Ledger): string[] => Array.from(taken(ledger).outcome, (code) => OUTCOMES[code] ?? '?');

describe('the generator', () => {
  it('sends every request that became due while it was held up, each with its planned moment', async () => {
    const { clock, wire, ledger, generator } = setUp();
    generator.tick();
    await clock.advance(95);
    generator.tick();
    wire.sent.forEach((_, i) => wire.answer(i));
    const { planned, sent } = taken(ledger);
    expect(Array.from(planned, (at) => at - START)).to.deep.equal([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(Array.from(sent, (at) => at - START)).to.deep.equal([0, 95, 95, 95, 95, 95, 95, 95, 95, 95]);
  });

  it('goes on sending while nothing answers, and ends each overdue request as a timeout', async () => {
    const { clock, wire, ledger, generator } = setUp();
    for (let ms = 0; ms < 600; ms += 5) {
      generator.tick();
      await clock.advance(5);
    }
    expect(wire.sent).to.have.length(60);
    expect(wire.abandoned).to.equal(10);
    expect(outcomes(ledger)).to.deep.equal(Array(10).fill('timeout'));
    wire.answer(0);
    expect(outcomes(ledger), 'an answer after the end').to.deep.equal([]);
  });

  it('drops requests above its limit of requests in flight, and records them', async () => {
    const { clock, wire, ledger, generator } = setUp({ maxInFlight: 4 });
    await clock.advance(95);
    generator.tick();
    expect(wire.sent).to.have.length(4);
    expect(outcomes(ledger)).to.deep.equal(Array(6).fill('dropped'));
    expect(outcomes(ledger)).to.deep.equal([]);
  });

  it('plans nothing after a stop, and is finished when its last request has ended', async () => {
    const { clock, wire, ledger, generator } = setUp();
    await clock.advance(25);
    generator.stop();
    await clock.advance(200);
    generator.tick();
    expect(wire.sent).to.have.length(3);
    expect(generator.finished).to.equal(false);
    [0, 1, 2].forEach((i) => wire.answer(i));
    expect(generator.finished).to.equal(true);
    expect(ledger.totals).to.deep.equal({ planned: 3, sent: 3, ok: 3, failed: 0, dropped: 0 });
  });

  it('ends by itself at its bound, and until then says when it must be called again', async () => {
    const { clock, wire, generator } = setUp({ ratePerS: 278, durationMs: 20_000, maxInFlight: 6_000 });
    expect(generator.tick() - START).to.be.closeTo(1_000 / 278, 0.01);
    await clock.advance(60_000);
    generator.tick();
    expect(wire.sent).to.have.length(5_560);
    wire.sent.forEach((_, i) => wire.answer(i));
    expect(generator.tick()).to.equal(Infinity);
    expect(generator.finished).to.equal(true);
  });
});
