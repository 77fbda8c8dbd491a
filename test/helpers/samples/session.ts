import { afterEach, beforeEach } from 'mocha';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../harness/core/clock.ts';
import { NO_OUT } from '../../../harness/core/out/out.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import type { Subscriber } from '../../../harness/core/record/run.ts';
import type { TopologySpec } from '../../../harness/core/topology/spec.ts';
import type { SessionParts } from '../../../harness/session/parts.ts';
import { type MemoryTopology, SPEC } from '../doubles/topology.ts';
import { known } from '../known.ts';
import { serve } from '../web-server.ts';
import { temporaryFolder, writeSamples } from './folder.ts';
import { sampleRows, SMALL_PLAN } from './history.ts';
import { sampleEnvironment } from './plan.ts';

/** A kill within phases of some tenths of a second. The guardian is a real process, and the clock is the system's. */
export const SHORT: Plan = {
  ...SMALL_PLAN,
  topology: SPEC,
  phases: { warmup: 50, baseline: 200, fault: 300, heal: 2_000, recovery: 100 },
  hypotheses: [],
  faults: [{ id: 'kill-1', fault: 'kill', params: { service: 'app', replica: 1 }, at: 50, for: undefined }],
};

/** Serves the entry of a topology in memory during each test of a suite. `ready` receives the topology before each. */
export function serveEntry(ready: (spec: TopologySpec) => void): void {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    server = await serve((_, response) => response.end('ok'));
    ready({ ...SPEC, entry: server.url });
  });
  afterEach(() => server[Symbol.asyncDispose]());
}

/** A subscriber, and a promise that resolves when a fault is in force. */
export function untilInForce(): { readonly subscriber: Subscriber; readonly inForce: Promise<void> } {
  const { promise: inForce, resolve } = Promise.withResolvers<void>();
  const onEvent: Subscriber['onEvent'] = (event) => {
    if (event.kind === 'fault.injected') resolve();
  };
  return { subscriber: { onEvent, close: () => undefined }, inForce };
}

/** The parts of a session on a topology in memory. Its guardian is a real process, and its load is written at once. */
export function partsOf(topology: MemoryTopology, spec: TopologySpec, over: Partial<SessionParts> = {}): SessionParts {
  const totals = { planned: 0, sent: 0, ok: 0, failed: 0, dropped: 0, utilisation: 0.1 };
  return {
    env: {},
    root: '/clones/a',
    state: temporaryFolder(),
    engine: { endpoint: '/run/docker.sock', id: () => Promise.resolve('E1') },
    reports: temporaryFolder(),
    clock: systemClock,
    catalogue: known,
    load: {
      start: ({ plan: { workload }, dir }) => {
        writeSamples(dirname(dir), workload, sampleRows({ phase: 'baseline', count: 100 }));
        return Promise.resolve({ stop: () => Promise.resolve(totals) });
      },
    },
    probes: [],
    reporters: [],
    guardianScript: fileURLToPath(new URL('../guarding.ts', import.meta.url)),
    topologyControl: () => topology,
    readTopology: () => spec,
    variablesOf: () => ({}),
    openLog: () => Object.assign(() => undefined, { [Symbol.dispose]: () => undefined }),
    openStore: () => Promise.reject(new Error('no store here')),
    writeIndex: () => undefined,
    out: NO_OUT,
    environment: () => Promise.resolve(sampleEnvironment),
    say: () => undefined,
    ...over,
  };
}
