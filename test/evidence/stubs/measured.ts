import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapacityAsked } from '../../../harness/core/capacity/asked.ts';
import { FULL } from '../../../harness/core/certificate/statements.ts';
import { constantLoad } from '../../../harness/core/load/plan.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import { judgeFolder } from '../../../harness/judge/folder.ts';
import { clock, load, probes } from '../../../harness/main.ts';
import { type Concluded, concludeRecord } from '../../../harness/modes/capacity/conclude.ts';
import { type CapacityPlans, measure, type MeasureParts } from '../../../harness/modes/capacity/measure.ts';
import { beginMeasurement } from '../../../harness/modes/capacity/open-record.ts';
import { offerStep } from '../../../harness/modes/knee/offer-step.ts';
import { workloadOfUrl } from '../../../harness/modes/load/target.ts';
import { newName } from '../../../harness/record/folders.ts';
import { openSession } from '../../../harness/session/open-session.ts';
import { ASKED } from '../../helpers/doubles/measured-system.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';
import { known } from '../../helpers/known.ts';
import { DIGESTS } from '../../helpers/samples/certificate.ts';
import { partsOf, SHORT } from '../../helpers/samples/session.ts';
import { say } from '../figures.ts';
import { AnsweringTopology } from './topology.ts';

export const GONE = 'without one';
const SEED = 3;

/** How long the search without any fault and the cell may take, milliseconds. Everything together takes less than ten minutes. */
export interface Lengths {
  readonly fullMs: number;
  readonly cellMs: number;
}

const askedOf = (url: string, { fullMs, cellMs }: Lengths): CapacityAsked => ({
  ...ASKED,
  file: '/stub.yaml',
  name: 'stub',
  title: 'A system of known capacity',
  seed: SEED,
  workload: workloadOfUrl({ origin: url, rest: '/', method: 'GET', headers: {}, body: undefined }),
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
  objective: { p95Ms: 100, errors: 0.01 },
  cells: [{ condition: GONE, faults: 'one server is killed' }],
  fullMs,
  cellMs,
  mostMs: 3_600_000,
  validDays: 1,
});

/**
 * Measures a stub of known capacity in real time, whole and without one of its servers, as a topology is measured: with sessions, a
 * guardian, runs, the load generator and the judge. Only the containers are in memory. A killed container takes a server of the
 * stub away.
 */
export async function measureStub(
  name: string,
  lengths: Lengths,
): Promise<Concluded & { readonly asked: CapacityAsked }> {
  await using stub = await startStub(name);
  const asked = askedOf(stub.url, lengths);
  const dir = mkdtempSync(join(tmpdir(), 'chaos-stub-'));
  const { hops: _hops, ...rest } = SPEC;
  const spec: TopologySpec = { ...rest, entry: stub.url };
  const own = partsOf(new AnsweringTopology(), spec, { load, probes, reports: join(dir, 'runs') });
  await using session = await openSession(spec, own);
  const follow = (event: RunEvent): void => {
    if (event.kind === 'fault.injected') void stub.post('/without');
    if (event.kind === 'fault.healed') void stub.post('/whole');
  };
  const parts: MeasureParts = {
    clock,
    say: (line) => say(`${name}: ${line}`),
    interrupted: () => false,
    connections: () => Promise.resolve([]),
    folderOf: (document) => join('runs', basename(document.dir)),
    run: (plan, beside) =>
      session.run(plan, {
        subscribers: [{ onEvent: follow, close: () => undefined }, ...(beside === undefined ? [] : [beside.light])],
        ...(beside === undefined ? {} : { beside: beside.beside }),
      }),
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
  const options = {
    asked,
    topology: spec,
    named: 'stub.yaml',
    digests: DIGESTS,
    key: undefined,
    clock,
    redact: (text: string): string => text,
  };
  using open = beginMeasurement({ run: basename(dir), dir }, options);
  await measure(asked, plansOf(asked, spec), open.record, parts);
  return { ...concludeRecord(dir, open.record.state, (folder) => judgeFolder(folder, known).document), asked };
}

function plansOf(asked: CapacityAsked, topology: TopologySpec): CapacityPlans {
  const plan = (title: string, faults: Plan['faults'], phases: Partial<Plan['phases']>): Plan => ({
    ...SHORT,
    title,
    topology,
    load: constantLoad(asked.workload, asked.lightPerS, asked.timeoutMs),
    phases: { warmup: 1_000, baseline: 0, fault: 0, heal: 0, recovery: 0, ...phases },
    faults,
  });
  const kill = { id: 'kill-1', fault: 'kill', params: { service: 'app', replica: 1 }, at: 0, for: undefined };
  return {
    full: plan(FULL, [], { baseline: asked.fullMs + 180_000 }),
    cells: [plan(GONE, [kill], { baseline: 5_000, fault: asked.cellMs, heal: 10_000, recovery: 2_000 })],
    experiments: new Map(),
  };
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
