import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { judgeStep, type Objective, type StepEvidence } from '../../../../harness/core/capacity/step.ts';
import { type LoadEngine, type LoadSpec, type LoadTick, OUTCOMES } from '../../../../harness/core/load/load.ts';
import { constantLoad } from '../../../../harness/core/load/plan.ts';
import { type RequestRow, samplesSchema } from '../../../../harness/core/load/samples.ts';
import { evidenceOf, type OfferedStep } from '../../../../harness/modes/knee/evidence.ts';
import { offerStep } from '../../../../harness/modes/knee/offer-step.ts';
import { workloadOfUrl } from '../../../../harness/modes/load/target.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { encodeBlock } from '../../../helpers/samples/folder.ts';

const URL = 'http://127.0.0.1:1';
const OBJECTIVE: Objective = { p95Ms: 200, errors: 0.01 };
const RATE = 100;
const WORKLOAD = workloadOfUrl({ origin: URL, rest: '/', method: 'GET', headers: {}, body: undefined });

/** How the system answers a request, by its moment in milliseconds since the load began. */
interface Answers {
  readonly ms: (at: number) => number;
  readonly lag?: number;
  readonly outcome?: (at: number) => (typeof OUTCOMES)[number];
}

/** A generator in memory. It tells each second, and writes what it planned until it was stopped. */
class Double implements LoadEngine {
  stopped = 0;
  spec: LoadSpec | undefined;
  readonly failed = new AbortController();
  readonly #clock: ManualClock;
  readonly #answers: Answers;

  constructor(clock: ManualClock, answers: Answers) {
    this.#clock = clock;
    this.#answers = answers;
  }

  start: LoadEngine['start'] = async (spec, onTick) => {
    this.spec = spec;
    const over = new AbortController();
    const [clock, begun] = [this.#clock, this.#clock.now()];
    void this.#tell(onTick, over.signal);
    const stop = async () => {
      this.stopped += 1;
      over.abort();
      if (this.failed.signal.aborted) throw this.failed.signal.reason as Error;
      const rows = this.#rows(begun, Math.min(clock.now() - begun, spec.maxDurationMs));
      writeFileSync(join(spec.dir, 'schema.json'), JSON.stringify(samplesSchema(WORKLOAD)));
      writeFileSync(join(spec.dir, 'requests.bin'), encodeBlock(rows));
      return { planned: rows.length, sent: rows.length, ok: 0, failed: 0, dropped: 0, utilisation: 0.2 };
    };
    return { stop, failed: this.failed.signal };
  };

  #rows(begun: number, ms: number): RequestRow[] {
    const { ms: took, lag = 0, outcome = () => 'ok' } = this.#answers;
    return Array.from({ length: Math.ceil((ms * RATE) / 1_000) }, (_, i) => {
      const at = (i * 1_000) / RATE;
      const done = begun + at + took(at);
      const of = { endpoint: 0, scenario: 0, outcome: OUTCOMES.indexOf(outcome(at)), status: 200, source: 0 };
      return { planned: begun + at, sent: begun + at + lag, firstByte: done, done, ...of };
    });
  }

  async #tell(onTick: (tick: LoadTick) => void, over: AbortSignal): Promise<void> {
    for (let s = 1; !over.aborted; s += 1) {
      await this.#clock.sleep(1_000, over).catch(() => undefined);
      const took = this.#answers.ms(s * 1_000 - 1);
      const counts = { planned: RATE, sent: RATE, ok: RATE, failed: 0, dropped: 0, in_flight: 1 };
      const rest = { lag_p99_ms: 0, pressure_ok: 0, pressure_failed: 0 };
      if (!over.aborted) onTick({ t: this.#clock.now(), ...counts, p50_ms: took, p95_ms: took, ...rest });
    }
  }
}

async function step(answers: Answers, signal = new AbortController().signal) {
  const clock = new ManualClock();
  const begun = clock.now();
  const load = new Double(clock, answers);
  const plan = constantLoad(WORKLOAD, RATE, 5_000);
  const options = { load, clock, plan, url: URL, run: 'r', seed: 1, ratePerS: RATE, ms: 10_000 };
  const work = offerStep({ ...options, objective: OBJECTIVE, signal });
  const result: unknown = await clock.through(
    work.catch((error: unknown) => error),
    250,
  );
  const evidence = (): StepEvidence => evidenceOf(result as OfferedStep);
  return { result, evidence, tookMs: clock.now() - begun, load };
}

describe('a step of a calibration', () => {
  it('counts the requests after its warm-up, and leaves no samples', async () => {
    const { evidence, tookMs, load } = await step({ ms: (at) => (at < 3_000 ? 900 : 20) });
    expect(evidence().latenciesMs).to.have.length(1_000);
    expect(evidence().generator).to.deep.equal([]);
    expect(judgeStep(OBJECTIVE, evidence()).verdict).to.equal('carries');
    expect(tookMs).to.be.within(13_000, 13_500);
    expect(existsSync(load.spec?.dir ?? '')).to.equal(false);
    expect(load.spec).to.include({ baseUrl: URL, run: 'r', maxDurationMs: 13_000 });
  });

  it('is left when it is surely over, and judged by what came until then', async () => {
    const { evidence, tookMs } = await step({ ms: () => 900 });
    expect(tookMs).to.be.within(7_000, 7_500);
    expect(judgeStep(OBJECTIVE, evidence())).to.include({ verdict: 'does not carry', broke: 'latency' });
  });

  it('names errors', async () => {
    const { evidence } = await step({ ms: () => 20, outcome: (at) => (at % 200 === 0 ? 'turned_away' : 'ok') });
    expect(judgeStep(OBJECTIVE, evidence())).to.include({ verdict: 'does not carry', broke: 'errors' });
  });

  it('says when the generator was late', async () => {
    const { evidence } = await step({ ms: () => 90, lag: 80 });
    expect(evidence().generator.join()).to.match(/more than 80 ms late/);
    expect(judgeStep(OBJECTIVE, evidence()).verdict).to.equal('generator');
  });

  it('rejects at once when it is interrupted, and stops the load', async () => {
    const { result, load } = await step({ ms: () => 20 }, AbortSignal.abort(new Error('interrupted by SIGINT')));
    expect(String(result)).to.include('interrupted by SIGINT');
    expect(load.spec).to.equal(undefined);
    const later = new AbortController();
    const ms = (at: number): number => {
      if (at > 4_000) later.abort(new Error('interrupted by SIGINT'));
      return 20;
    };
    const cut = await step({ ms }, later.signal);
    expect(String(cut.result)).to.include('interrupted by SIGINT');
    expect(cut.load.stopped).to.equal(1);
    expect(cut.tookMs).to.be.below(6_000);
  });
});
