import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventKind, RunEvent } from '../../harness/core/events.ts';
import type { LoadEngine, LoadTick } from '../../harness/core/load/load.ts';
import type { Plan, PlannedFault, PlannedStep } from '../../harness/core/plan.ts';
import type { Probe } from '../../harness/core/probe.ts';
import { checks } from '../../harness/checks/index.ts';
import { readEvents } from '../../harness/engine/event-log.ts';
import type { Guardian, GuardianListener } from '../../harness/engine/guardian-process.ts';
import { Interruption } from '../../harness/engine/interruption.ts';
import { judgeFolder } from '../../harness/engine/finish.ts';
import type { JudgedRun } from '../../harness/core/run.ts';
import { recordRun, type RunEnd } from '../../harness/engine/run.ts';
import { faults } from '../../harness/faults/index.ts';
import { metrics } from '../../harness/metrics/index.ts';
import { ManualClock } from './clock.ts';
import { temporaryFolder, writeSamples } from './sample-folder.ts';
import { sampleEnvironment } from './sample-plan.ts';
import { sampleRows, SMALL_PLAN } from './sample-history.ts';
import { MemoryTopology, SPEC } from './topology.ts';

const KILL: PlannedFault = { id: 'kill-1', fault: 'kill', params: { service: 'app' }, at: 1_000, for: undefined };

export interface RecordingOptions {
  readonly topology?: MemoryTopology;
  readonly faults?: readonly PlannedStep[];
  /** Changes the plan before it is run. */
  readonly change?: (plan: Plan) => Plan;
  readonly load?: Partial<LoadEngine>;
  /** What the load tells of each second; `inForce`: whether a fault is. */
  readonly ticks?: (t: number, inForce: boolean) => LoadTick | undefined;
  /** Aborted when the load generator dies. */
  readonly failed?: AbortSignal;
  readonly probes?: readonly Probe[];
  /** HTTP status of the entry's readiness. */
  readonly ready?: number;
  /** Is given what the run wants to hear of its guardian. */
  readonly guardian?: (listener: GuardianListener) => void;
  /** Sees each event at once, as a signal's handler or a watcher would act on it. */
  readonly onEvent?: (event: RunEvent, interruption: Interruption) => void;
}

export interface Recording {
  readonly end: RunEnd;
  readonly events: readonly RunEvent[];
  readonly kinds: readonly EventKind[];
  readonly judged: JudgedRun;
  readonly topology: MemoryTopology;
  /** What was started and not stopped again: loads and probes. */
  readonly running: number;
  /** What the guardian was told. */
  readonly guardian: readonly string[];
}

/** A whole run over a topology in memory, in manual time: minutes pass at once. */
export async function recorded(options: RecordingOptions = {}): Promise<Recording> {
  const { topology = new MemoryTopology(), ready = 200, onEvent = () => undefined } = options;
  const server = createServer((_, response) => response.writeHead(ready).end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const entry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { change = (plan) => plan } = options;
  const plan = change({ ...SMALL_PLAN, topology: { ...SPEC, entry }, faults: options.faults ?? [KILL] });
  const dir = temporaryFolder();
  const clock = new ManualClock();
  const interruption = new Interruption();
  const guardian: string[] = [];
  let running = 0;
  const totals = { planned: 100, sent: 100, ok: 100, failed: 0, dropped: 0, utilisation: 0.1 };
  const load: LoadEngine = {
    start: (_spec, onTick) => {
      running += 1;
      writeSamples(dir, plan.load.workload, sampleRows({ phase: 'baseline', count: 100 }));
      const ticking = new AbortController();
      const tick = async (): Promise<void> => {
        for (;;) {
          await clock.sleep(1_000, ticking.signal);
          const told = options.ticks?.(clock.now(), topology.wrong.size > 0);
          if (told !== undefined) onTick(told);
        }
      };
      tick().catch(() => undefined);
      return Promise.resolve({
        ...(options.failed === undefined ? {} : { failed: options.failed }),
        stop: () => {
          ticking.abort();
          running -= 1;
          return Promise.resolve(totals);
        },
      });
    },
    ...options.load,
  };
  const probe: Probe = {
    name: 'probe',
    summary: 'Is there.',
    start: () => {
      running += 1;
      return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve(void (running -= 1)) });
    },
  };
  const told: Guardian = {
    pid: 1,
    subscribe: (listener) => options.guardian?.(listener),
    standing: () => Promise.resolve(),
    hold: () => void guardian.push('hold'),
    rest: () => void guardian.push('rest'),
    startedTopology: () => void guardian.push('started-topology'),
    child: (pid) => void guardian.push(`child ${pid ?? 'gone'}`),
    done: () => Promise.resolve(),
  };
  const work = recordRun({
    plan,
    run: 'recorded',
    dir,
    environment: sampleEnvironment,
    topology,
    load,
    probes: options.probes ?? [probe],
    catalogue: { faults, checks, metrics },
    clock,
    guardian: told,
    interruption,
    subscribers: [{ onEvent: (event) => onEvent(event, interruption), close: () => undefined }],
    redact: (text) => text,
  });
  const end = await clock.through(work, 100);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const events = readEvents(dir);
  const judged = judgeFolder(dir, { faults, checks });
  return { end, events, kinds: events.map((e) => e.kind), judged, topology, running, guardian };
}
