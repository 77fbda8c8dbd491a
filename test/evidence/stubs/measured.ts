import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapacityAsked } from '../../../harness/core/capacity/asked.ts';
import { FULL } from '../../../harness/core/certificate/statements.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';
import type { Plan, PlannedFault } from '../../../harness/core/plan/plan.ts';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import { clock, load } from '../../../harness/main.ts';
import { type Concluded, concludeRecord } from '../../../harness/modes/capacity/conclude.ts';
import { measure, type CapacityPlans, type MeasureParts } from '../../../harness/modes/capacity/measure.ts';
import { beginMeasurement } from '../../../harness/modes/capacity/open-record.ts';
import { offerStep } from '../../../harness/modes/knee/offer-step.ts';
import { offer } from '../../../harness/modes/load/offer.ts';
import { workloadOfUrl } from '../../../harness/modes/load/target.ts';
import { newName } from '../../../harness/record/folders.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { DIGESTS } from '../../helpers/samples/certificate.ts';
import { sampleRun } from '../../helpers/samples/run.ts';
import { say } from '../figures.ts';

const GONE = 'without one';
const SEED = 3;
/** Everything together takes less than ten minutes. */
const FULL_MS = 270_000;
const CELL_MS = 180_000;
const MOST_MS = 700_000;

const askedOf = (url: string): CapacityAsked => ({
  file: '/stub.yaml',
  name: 'stub',
  title: 'A system of known capacity',
  seed: SEED,
  workload: workloadOfUrl({ origin: url, rest: '/', method: 'GET', headers: {}, body: undefined }),
  timeoutMs: 5_000,
  targets: {
    latency: [{ of: 'all', p95Ms: 100 }],
    errors: 0.01,
    needs: [
      { condition: FULL, ratePerS: 50 },
      { condition: GONE, keeps: 0.1 },
    ],
    experiments: [],
  },
  ratePerS: 50,
  users: undefined,
  objective: { p95Ms: 100, errors: 0.01 },
  search: { fromPerS: 50, leastPerS: 10, mostPerS: 1_000, ratio: 0.2 },
  held: undefined,
  lightPerS: 5,
  cells: [{ condition: GONE, faults: 'one server is gone' }],
  fullMs: FULL_MS,
  cellMs: CELL_MS,
  mostMs: MOST_MS,
  validDays: 1,
  signer: undefined,
  productionLike: null,
  waivers: [],
  growth: undefined,
});

/** Measures a stub of known capacity in real time, as a topology is measured, and without one of its servers. */
export async function measureStub(name: string): Promise<Concluded & { readonly asked: CapacityAsked }> {
  await using stub = await startStub(name);
  const asked = askedOf(stub.url);
  const dir = mkdtempSync(join(tmpdir(), 'chaos-stub-'));
  const judged = new Map<string, RunDocument>();
  const plan = (title: string, faults: readonly PlannedFault[], phases: Partial<Plan['phases']>): Plan => ({
    ...sampleRun().history.plan,
    title,
    topology: SPEC,
    load: constantLoad(asked.workload, asked.lightPerS, asked.timeoutMs),
    phases: { warmup: 0, baseline: 0, fault: 0, heal: 0, recovery: 0, ...phases },
    faults,
  });
  const plans: CapacityPlans = {
    full: plan(FULL, [], { baseline: FULL_MS + 60_000 }),
    cells: [plan(GONE, [{ id: 'kill-1', fault: 'kill', params: {}, at: 0, for: undefined }], { fault: CELL_MS })],
    experiments: new Map(),
  };
  const parts: MeasureParts = {
    clock,
    say: (line) => say(`${name}: ${line}`),
    interrupted: () => false,
    connections: () => Promise.resolve([]),
    folderOf: (document) => join('runs', basename(document.dir)),
    run: async (one, beside) => {
      const run = newName('stub');
      const { title, faults, load: light } = one;
      await stub.post(title === GONE ? '/without' : '/whole');
      await using lightLoad = await offer({
        load,
        clock,
        plan: light,
        url: stub.url,
        run,
        seed: SEED,
        mostMs: 3_600_000,
        onTick: (tick) => beside?.light.onEvent({ kind: 'load', ...tick }),
      });
      for (const { id } of faults as readonly PlannedFault[])
        beside?.light.onEvent({ kind: 'fault.injected', t: clock.now(), id, targets: [] });
      await beside?.beside.work(new AbortController().signal);
      await lightLoad.stop();
      await stub.post('/whole');
      const folder = join(dir, 'runs', run);
      const document = { dir: folder, title, verdict: 'PASS', restored: true, invalid: [], faults: [] } as const;
      const { document: made } = sampleRun({ document });
      judged.set(run, made);
      return made;
    },
    offer: ({ ratePerS, ms, leaves, keep, seed, signal }) =>
      offerStep({
        load,
        clock,
        plan: constantLoad(asked.workload, ratePerS, asked.timeoutMs),
        url: stub.url,
        run: newName('stub'),
        seed,
        ratePerS,
        ms,
        objective: leaves ? asked.objective : undefined,
        ...(keep === undefined ? {} : { keep }),
        signal,
      }),
  };
  const options = { asked, topology: { project: 'stub' }, named: 'stub.yaml', digests: DIGESTS, key: undefined, clock };
  using open = beginMeasurement({ run: basename(dir), dir }, options);
  await measure(asked, plans, open.record, parts);
  const concluded = concludeRecord(dir, open.record.state, (folder) => {
    const document = judged.get(basename(folder));
    if (document === undefined) throw new Error(`nobody ran ${folder}`);
    return document;
  });
  return { ...concluded, asked };
}

async function startStub(name: string): Promise<AsyncDisposable & { url: string; post(path: string): Promise<void> }> {
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [name, String(SEED)]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    post: async (path) => void (await (await fetch(`${url}${path}`, { method: 'POST' })).text()),
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
