import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CapacityAsked } from '../../../harness/core/capacity/asked.ts';
import { FULL } from '../../../harness/core/certificate/statements.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';
import { OUTCOMES, SOURCES } from '../../../harness/core/load/load.ts';
import { type RequestRow, requestTable, samplesSchema } from '../../../harness/core/load/samples.ts';
import type { PlannedFault, Plan } from '../../../harness/core/plan/plan.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import type { OfferAsked } from '../../../harness/modes/capacity/condition.ts';
import type { CapacityPlans, MeasureParts } from '../../../harness/modes/capacity/measure.ts';
import { workloadOfUrl } from '../../../harness/modes/load/target.ts';
import { WARM_UP_MS } from '../../../harness/modes/knee/warm-up.ts';
import { writeFileSync, mkdirSync } from 'node:fs';
import { encodeBlock } from '../samples/folder.ts';
import { sampleRun } from '../samples/run.ts';
import { ManualClock } from './clock.ts';
import { SPEC } from './topology.ts';

const WORKLOAD = workloadOfUrl({ origin: 'http://stub', rest: '/', method: 'GET', headers: {}, body: undefined });
const OPEN = SOURCES.indexOf('open');

/** What a capacity file asks of the double. */
export const ASKED: CapacityAsked = {
  file: '/project/june.yaml',
  name: 'june',
  title: 'Saturdays in June',
  seed: 7,
  workload: WORKLOAD,
  timeoutMs: 5_000,
  targets: {
    latency: [{ of: 'all', p95Ms: 200 }],
    errors: 0.01,
    needs: [
      { condition: FULL, ratePerS: 100 },
      { condition: 'without app', keeps: 0.6 },
      { condition: 'slow link', keeps: 0.3 },
    ],
    experiments: [],
  },
  ratePerS: 100,
  users: undefined,
  objective: { p95Ms: 200, errors: 0.01 },
  search: { fromPerS: 50, leastPerS: 10, mostPerS: 1_000, ratio: 0.2 },
  held: undefined,
  lightPerS: 5,
  cells: [
    { condition: 'without app', faults: 'kill {"service":"app"}' },
    { condition: 'slow link', faults: 'latency {"link":"app-to-primary"}' },
  ],
  fullMs: 1_500_000,
  cellMs: 360_000,
  mostMs: 4_500_000,
  validDays: 90,
  signer: undefined,
  productionLike: null,
  waivers: [],
  growth: undefined,
};

/** A system of known capacity, and what is done with it. Its time is manual. */
export class MeasuredSystem {
  readonly clock: ManualClock;
  /** Not there before the measurement begins. */
  readonly dir = join(mkdtempSync(join(tmpdir(), 'chaos-capacity-')), 'june');
  /** Requests a second that each condition carries. */
  carries: Readonly<Record<string, number>> = { [FULL]: 200, 'without app': 140, 'slow link': 90 };
  /** The generator is late above this rate. */
  generatorPerS = Infinity;
  /** The share of a core that each container of the app uses at a rate. */
  cpu: (ratePerS: number) => number = () => 0.2;
  /** Changes the document of a run, by the title of its plan. */
  documents: Readonly<Record<string, Partial<RunDocument>>> = {};
  interrupted = false;
  /** Ends the measurement when so many steps were offered. */
  endsAfter = Infinity;
  readonly did: string[] = [];
  readonly said: string[] = [];
  readonly rates: number[] = [];
  readonly #judged = new Map<string, RunDocument>();
  #condition = '';
  #runs = 0;
  #ratePerS = 0;

  readonly parts: MeasureParts;

  /** `begins`: epoch milliseconds. */
  constructor(begins = Date.UTC(2026, 10, 30, 9)) {
    this.clock = new ManualClock(begins);
    this.parts = {
      clock: this.clock,
      say: (line) => void this.said.push(line),
      interrupted: () => this.interrupted,
      folderOf: ({ dir }) => join('runs', basename(dir)),
      connections: () => Promise.resolve([]),
      run: (plan, beside) => this.#run(plan, beside),
      offer: (step) => this.#offer(step),
    };
  }

  /** The documents of the runs, as their records say. */
  readonly judgeRun = (dir: string): RunDocument => {
    const document = this.#judged.get(basename(dir));
    if (document === undefined) throw new Error(`nobody ran ${dir}`);
    return document;
  };

  async #run(plan: Plan, beside: Parameters<MeasureParts['run']>[1]): Promise<RunDocument> {
    this.did.push(`run ${plan.title}`);
    this.#condition = plan.title;
    this.#runs += 1;
    const ended = new AbortController();
    const light = beside?.light;
    const tick = async (): Promise<void> => {
      for (;;) {
        await this.clock.sleep(1_000, ended.signal);
        const t = this.clock.now();
        const counts = { planned: 5, sent: 5, ok: 5, failed: 0, dropped: 0, in_flight: 0 };
        const latency = { p50_ms: 20, p95_ms: 20, lag_p99_ms: 0, pressure_ok: 0, pressure_failed: 0 };
        light?.onEvent({ kind: 'load', t, ...counts, ...latency });
        for (const replica of [1, 2, 3])
          light?.onEvent({
            kind: 'resources',
            t,
            server_id: `chaos-app-${replica}`,
            cpu_percent: 100 * this.cpu(this.#ratePerS),
            memory_percent: null,
            disk_percent: null,
            network_bytes_per_s: null,
            connections: null,
          });
      }
    };
    tick().catch(() => undefined);
    for (const { id } of plan.faults as readonly PlannedFault[])
      light?.onEvent({ kind: 'fault.injected', t: this.clock.now(), id, targets: ['x'] });
    const phaseMs = plan.phases[beside?.beside.phase ?? 'baseline'];
    void this.clock.sleep(phaseMs, ended.signal).then(
      () => ended.abort(new Error('the phase is over')),
      () => undefined,
    );
    await beside?.beside.work(ended.signal);
    ended.abort();
    const dir = join(this.dir, 'runs', `run-${this.#runs}`);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'events.ndjson'), '{}\n');
    const fault = { name: 'kill', id: 'kill-1', target: 'x', injected: '', healed: '', evidence: 'it was gone' };
    const { document } = sampleRun({
      document: {
        dir,
        title: plan.title,
        verdict: this.interrupted ? 'INTERRUPTED' : 'PASS',
        restored: true,
        invalid: [{ code: 'CHAOS_GENERATOR_LAG', message: 'the light load was late' }],
        faults: plan.faults.map(() => ({ ...fault, effective: 'effective' as const })),
        ...this.documents[plan.title],
      },
    });
    this.#judged.set(basename(dir), document);
    return document;
  }

  async #offer({ ratePerS, ms, keep, signal }: OfferAsked) {
    this.rates.push(ratePerS);
    if (this.rates.length >= this.endsAfter) this.interrupted = true;
    if (this.interrupted) throw new Error('interrupted');
    const begun = this.clock.now();
    const most = this.carries[this.#condition] ?? 0;
    this.#ratePerS = ratePerS;
    await this.clock.sleep(WARM_UP_MS + ms, signal);
    const lag = ratePerS > this.generatorPerS ? 80 : 0;
    // The light load is carried too.
    const took = ratePerS + ASKED.lightPerS > most ? 900 : 20;
    const rows = Array.from({ length: Math.ceil(((WARM_UP_MS + ms) * ratePerS) / 1_000) }, (_, i): RequestRow => {
      const planned = begun + (i * 1_000) / ratePerS;
      const done = planned + lag + took + (i % 7);
      const of = { endpoint: 0, scenario: 0, outcome: OUTCOMES.indexOf('ok'), status: 200, source: OPEN, number: i };
      return { planned, sent: planned + lag, firstByte: done, done, ...of };
    });
    const schema = samplesSchema(WORKLOAD);
    if (keep !== undefined) {
      mkdirSync(keep, { recursive: true });
      writeFileSync(join(keep, 'schema.json'), JSON.stringify(schema));
      writeFileSync(join(keep, 'requests.bin'), encodeBlock(rows));
    }
    return {
      requests: requestTable(rows, schema),
      plan: constantLoad(WORKLOAD, ratePerS, ASKED.timeoutMs),
      span: { started: begun + WARM_UP_MS, ended: begun + WARM_UP_MS + ms },
      utilisation: 0.2,
    };
  }
}

const fault = (name: string): PlannedFault => ({ id: `${name}-1`, fault: name, params: {}, at: 0, for: undefined });

const planOf = (title: string, faults: readonly PlannedFault[], phases: Partial<Plan['phases']>): Plan => ({
  schema_version: 1,
  file: ASKED.file,
  name: title,
  title,
  tags: ['capacity'],
  seed: 7,
  topology: SPEC,
  load: constantLoad(WORKLOAD, ASKED.lightPerS, ASKED.timeoutMs),
  phases: { warmup: 5_000, baseline: 10_000, fault: 0, heal: 0, recovery: 0, ...phases },
  faults,
  hypotheses: [],
  overrides: [],
});

/** The plans of the double: each run is the condition that its title names. */
export const plansOf = (asked: CapacityAsked = ASKED): CapacityPlans => ({
  full: planOf(FULL, [], { baseline: asked.fullMs + (asked.held?.ms ?? 0) + 180_000 }),
  cells: asked.cells.map(({ condition }) =>
    planOf(condition, [fault('kill')], { fault: asked.cellMs - 25_000, heal: 60_000, recovery: 10_000 }),
  ),
  experiments: new Map(
    asked.targets.experiments.map((name) => [name, planOf(name, [fault('kill')], { fault: 60_000 })]),
  ),
});
