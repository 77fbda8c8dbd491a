import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventKind, RunEvent } from '../../../harness/core/record/events.ts';
import type { LoadEngine, LoadTick } from '../../../harness/core/load/load.ts';
import type { Plan, PlannedFault, PlannedStep } from '../../../harness/core/plan/plan.ts';
import type { Probe } from '../../../harness/core/kinds/probe.ts';
import { readEvents } from '../../../harness/record/event-log.ts';
import type { GuardianListener, GuardianOfRun } from '../../../harness/run/guarding.ts';
import type { Beside } from '../../../harness/run/beside.ts';
import { Interruption } from '../../../harness/run/interruption.ts';
import { closeRecord } from '../../../harness/judge/folder.ts';
import type { JudgedRun } from '../../../harness/core/record/run.ts';
import { recordRun, type RunEnd } from '../../../harness/run/run.ts';
import { ManualClock } from '../doubles/clock.ts';
import { temporaryFolder, writeSamples } from './folder.ts';
import { sampleEnvironment } from './plan.ts';
import { sampleRows, SMALL_PLAN } from './history.ts';
import { MemoryTopology, SPEC } from '../doubles/topology.ts';
import { known } from '../known.ts';

export const KILL: PlannedFault = {
  id: 'kill-1',
  fault: 'kill',
  params: { service: 'app', replica: 1 },
  at: 1_000,
  for: undefined,
};

export interface RecordingOptions {
  /** The run's folder. Default: a folder of its own. */
  readonly dir?: string;
  readonly topology?: MemoryTopology;
  readonly faults?: readonly PlannedStep[];
  /** Changes the plan before it is run. */
  readonly change?: (plan: Plan) => Plan;
  readonly load?: Partial<LoadEngine>;
  /** Gives the load's report of each second. `inForce` says whether a fault is in force. */
  readonly ticks?: (t: number, inForce: boolean) => LoadTick | undefined;
  /** Aborted when the load generator dies. */
  readonly failed?: AbortSignal;
  readonly probes?: readonly Probe[];
  /** HTTP status of the entry's readiness. */
  readonly ready?: number;
  /** Receives the listener that the run gives to its guardian. */
  readonly guardian?: (listener: GuardianListener) => void;
  /** Called at once for each event. It may interrupt the run, as a signal handler does. */
  readonly onEvent?: (event: RunEvent, interruption: Interruption) => void;
  /** Returns the work beside a phase. It has the clock of the run. */
  readonly beside?: (clock: ManualClock) => Beside;
}

export interface Recording {
  readonly end: RunEnd;
  readonly events: readonly RunEvent[];
  readonly kinds: readonly EventKind[];
  readonly judged: JudgedRun;
  readonly topology: MemoryTopology;
  /** The number of loads and probes that were started and not stopped. */
  readonly running: number;
  /** The messages that the guardian received. */
  readonly guardian: readonly string[];
}

/** Carries out a whole run on a topology in memory with a manual clock. Minutes of the run pass at once. */
export async function recorded(options: RecordingOptions = {}): Promise<Recording> {
  const { topology = new MemoryTopology(), ready = 200, onEvent = () => undefined } = options;
  const server = createServer((_, response) => response.writeHead(ready).end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const entry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { change = (plan) => plan } = options;
  const plan = change({ ...SMALL_PLAN, topology: { ...SPEC, entry }, faults: options.faults ?? [KILL] });
  const dir = options.dir ?? temporaryFolder();
  const clock = new ManualClock();
  const interruption = new Interruption();
  const guardian: string[] = [];
  let running = 0;
  const totals = { planned: 100, sent: 100, ok: 100, failed: 0, dropped: 0, utilisation: 0.1 };
  const load: LoadEngine = {
    start: async (_spec, onTick, _clock, begin) => {
      await begin;
      writeSamples(dir, plan.load.workload, sampleRows({ phase: 'baseline', count: 100 }));
      running += 1;
      const ticking = new AbortController();
      const tick = async (): Promise<void> => {
        for (;;) {
          await clock.sleep(1_000, ticking.signal);
          const told = options.ticks?.(clock.now(), topology.wrong.length > 0);
          if (told !== undefined) onTick(told);
        }
      };
      tick().catch(() => undefined);
      return {
        ...(options.failed === undefined ? {} : { failed: options.failed }),
        stop: () => {
          ticking.abort();
          running -= 1;
          return Promise.resolve(totals);
        },
      };
    },
    ...options.load,
  };
  const probe: Probe = {
    name: 'probe',
    summary: 'Is there, and reads an idle host.',
    start: ({ emit }) => {
      running += 1;
      const over = new AbortController();
      const read = async (): Promise<void> => {
        for (;;) {
          await clock.sleep(1_000, over.signal);
          emit({ t: clock.now(), kind: 'host', busy_ms: 100, idle_ms: 1_900, stolen_ms: 0 });
        }
      };
      read().catch(() => undefined);
      return Promise.resolve({
        [Symbol.asyncDispose]: () => {
          over.abort();
          return Promise.resolve(void (running -= 1));
        },
      });
    },
  };
  const told: GuardianOfRun = {
    subscribe: (listener) => {
      options.guardian?.(listener);
      return { [Symbol.dispose]: () => undefined };
    },
    standing: () => Promise.resolve(),
    hold: () => void guardian.push('hold'),
    rest: () => void guardian.push('rest'),
    startedTopology: () => void guardian.push('started-topology'),
    child: (pid) => void guardian.push(`child ${pid ?? 'gone'}`),
  };
  const work = recordRun({
    plan,
    run: 'recorded',
    dir,
    journal: dir,
    environment: sampleEnvironment,
    topology,
    load,
    probes: options.probes ?? [probe],
    catalogue: known,
    clock,
    guardian: told,
    interruption,
    subscribers: [{ onEvent: (event) => onEvent(event, interruption), close: () => undefined }],
    beside: options.beside?.(clock),
    redact: (text) => text,
  });
  const end = await clock.through(work, 100);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const events = readEvents(dir);
  const closing = { clock, redact: (text: string) => text, unwritten: end.unwritten?.events };
  const { judged } = closeRecord(dir, known, closing);
  return { end, events, kinds: events.map((e) => e.kind), judged, topology, running, guardian };
}
