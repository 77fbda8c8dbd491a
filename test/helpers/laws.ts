import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { servicesOf } from '../../harness/core/aim.ts';
import { systemClock as clock } from '../../harness/core/clock.ts';
import { together } from '../../harness/core/dispose.ts';
import type { RunEvent } from '../../harness/core/events.ts';
import type { Evidence, Fault, FaultRecord } from '../../harness/core/fault.ts';
import { faultRecords } from '../../harness/core/history.ts';
import type { ProbeContext } from '../../harness/core/probe.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { ActiveFault } from '../../harness/engine/inject.ts';
import { type JournalEntry, readJournal, UndoJournal } from '../../harness/engine/journal.ts';
import { containers } from '../../harness/probes/containers.ts';
import { observers } from '../../harness/probes/observers.ts';
import { ROOT, TEST_ENV } from './chaos.ts';
import { ACTS } from './topology.ts';

/** A silent link answers one question a second with nothing: enough of them are wanted between settling and undoing. */
const LOOK_MS = 7_000;
/** Enough answers of a command that is asked once a second. */
const BEFORE_MS = 5_500;
const HEALTHY_MS = 90_000;

/** A fault of the catalogue by its example, against a running topology. */
export class LawTrial implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), 'law-'));
  readonly #fault: Fault;
  readonly #params: unknown;
  readonly #events: RunEvent[] = [];
  readonly #abort = new AbortController();
  readonly #active: ActiveFault;
  readonly #topology: TopologyControl;

  /** `acting` stands between the fault and the world; what looks at the world sees it as it is. */
  constructor(fault: Fault, topology: TopologyControl, acting: TopologyControl = topology) {
    this.#fault = fault;
    this.#params = fault.params.parse(fault.example);
    this.#topology = topology;
    const planned = { id: `${fault.name}-1`, fault: fault.name, params: this.#params, at: 0, for: undefined };
    const emit = (event: RunEvent): void => void this.#events.push(event);
    const journal = new UndoJournal(this.#dir);
    this.#active = new ActiveFault(planned, { topology: acting, clock, journal, seed: 1, emit });
  }

  [Symbol.dispose](): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  inject(): Promise<void> {
    return this.#active.inject(this.#fault, this.#abort.signal);
  }

  heal(): Promise<readonly JournalEntry[]> {
    return this.#active.heal();
  }

  /** The same, and fails where a step failed. */
  async mustHeal(): Promise<void> {
    const failed = await this.heal();
    if (failed.length > 0) throw new Error(`${this.#fault.name} was not undone: ${JSON.stringify(failed)}`);
  }

  abort(): void {
    this.#abort.abort(new Error('aborted'));
  }

  get recorded(): number {
    return readJournal(this.#dir).length;
  }

  /** Who is asked about the fault, and where the answers go. */
  get looking(): ProbeContext {
    const { spec } = this.#topology;
    const { target } = this.#fault.aims(this.#params);
    return {
      run: 'laws',
      topology: this.#topology,
      clock,
      observers: this.#fault.observers(this.#params, spec),
      watched: target === undefined ? [] : servicesOf(spec, target),
      emit: (event: RunEvent): void => void this.#events.push(event),
    };
  }

  /** Injects while it is looked at from all sides, and leaves the fault in force. */
  async watched(): Promise<void> {
    const ctx = this.looking;
    await using _probes = together(await Promise.all([observers.start(ctx), containers.start(ctx)]));
    await clock.sleep(BEFORE_MS);
    await this.inject();
    await clock.sleep(LOOK_MS);
    this.#events.push({ t: clock.now(), kind: 'fault.healing', id: `${this.#fault.name}-1` });
  }

  /** All that was seen, as the record of a run would tell it. */
  get record(): FaultRecord {
    const ids = this.looking.observers.map((observer) => observer.id);
    const [record] = faultRecords(this.#events, () => ids);
    if (record === undefined) throw new Error('the fault was never begun');
    return record;
  }

  prove(record = this.record): Evidence {
    return this.#fault.prove(record, this.#params);
  }

  /** The way back by a process that knows nothing but what is on disk. */
  async undoElsewhere(): Promise<void> {
    // What the fault goes on doing would have died with its process.
    this.abort();
    const steps = join(this.#dir, 'steps.json');
    writeFileSync(
      steps,
      JSON.stringify(
        readJournal(this.#dir)
          .map(({ step }) => step)
          .toReversed(),
      ),
    );
    const script = join(ROOT, 'test/helpers/undo-process.ts');
    await promisify(execFile)(process.execPath, [script, steps], { env: { ...process.env, ...TEST_ENV } });
  }
}

/** Healthy, and nothing that is not as it should be. */
export async function becomesWell(topology: TopologyControl): Promise<readonly string[]> {
  const until = clock.now() + HEALTHY_MS;
  for (;;) {
    const { healthy, waitingFor } = await topology.health();
    if (healthy) return (await topology.residue()).map((r) => `${r.kind}: ${r.target}`);
    if (clock.now() > until) return waitingFor;
    await clock.sleep(500);
  }
}

const isAct = (key: string | symbol): boolean => (ACTS as readonly (string | symbol)[]).includes(key);

/** The same topology, where something happens at each act: before it when `when` is 'before', else after it is done. */
export function disturbed(topology: TopologyControl, when: 'before' | 'after', happen: () => void): TopologyControl {
  return new Proxy(topology, {
    get(of, key) {
      const value = Reflect.get(of, key, of) as unknown;
      if (typeof value !== 'function') return value;
      const method = (value as (...args: unknown[]) => Promise<unknown>).bind(of);
      if (!isAct(key)) return method;
      return async (...args: unknown[]) => {
        if (when === 'before') happen();
        const answer = await method(...args);
        if (when === 'after') happen();
        return answer;
      };
    },
  });
}
