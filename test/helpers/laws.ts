import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { servicesOf } from '../../harness/core/topology/aim.ts';
import { systemClock as clock } from '../../harness/core/clock.ts';
import { together } from '../../harness/core/dispose.ts';
import type { RunEvent } from '../../harness/core/record/events.ts';
import type { BoundFault, Evidence, Fault, FaultRecord } from '../../harness/core/kinds/fault.ts';
import { faultRecords } from '../../harness/core/record/history.ts';
import type { ProbeContext } from '../../harness/core/kinds/probe.ts';
import { compare, differencesAsResidue } from '../../harness/core/topology/snapshot/compare.ts';
import type { Snapshot } from '../../harness/core/topology/snapshot/snapshot.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { ActiveFault } from '../../harness/run/steps/inject.ts';
import type { JournalEntry } from '../../harness/core/topology/undo.ts';
import { readJournal, UndoJournal } from '../../harness/heal/journal.ts';
import containers from '../../harness/probes/containers.ts';
import observers from '../../harness/probes/observers.ts';
import { ROOT, TEST_ENV } from './chaos.ts';
import { ACTS } from './doubles/topology.ts';
import { withLedger } from './holding.ts';

/**
 * How long a fault stays in force, milliseconds. On a silent link one question a second fails, and the evidence needs
 * enough of these between the second in which the fault settles and the undo.
 */
const LOOK_MS = 7_000;
/** How long observers read before the fault, milliseconds: enough for a command that is run once a second. */
const BEFORE_MS = 5_500;
const HEALTHY_MS = 90_000;

/** Tries one fault of the catalogue, with the parameters of its example, against a running topology. */
export class LawTrial implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), 'law-'));
  readonly #fault: Fault;
  readonly #bound: BoundFault;
  readonly #events: RunEvent[] = [];
  readonly #abort = new AbortController();
  readonly #active: ActiveFault;
  readonly #topology: TopologyControl;

  /** The fault acts through `acting`, which a test may disturb. Observers always use `topology`. */
  constructor(fault: Fault, topology: TopologyControl, acting: TopologyControl = topology) {
    this.#fault = fault;
    const params = fault.params.parse(fault.example);
    this.#bound = fault.bind(params);
    this.#topology = topology;
    const planned = { id: `${fault.name}-1`, fault: fault.name, params, at: 0, for: undefined };
    const emit = (event: RunEvent): void => void this.#events.push(event);
    const journal = new UndoJournal(this.#dir);
    this.#active = new ActiveFault(planned, withLedger({ topology: acting, clock, journal, seed: 1, emit }));
  }

  [Symbol.dispose](): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  inject(): Promise<void> {
    return this.#active.inject(this.#bound, this.#abort.signal);
  }

  heal(): Promise<readonly JournalEntry[]> {
    return this.#active.heal();
  }

  /** Heals, and throws when an undo step failed. */
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

  /** The context for probes: it has the fault's observers, and it keeps every event that they emit. */
  get looking(): ProbeContext {
    const { spec } = this.#topology;
    const { target } = this.#bound.aims;
    return {
      run: 'laws',
      topology: this.#topology,
      clock,
      observers: this.#bound.observers(spec),
      watched: target === undefined ? [] : servicesOf(spec, target),
      emit: (event: RunEvent): void => void this.#events.push(event),
    };
  }

  /** Injects the fault while its observers and the container probe run. Leaves the fault in force. */
  async watched(): Promise<void> {
    const ctx = this.looking;
    await using _probes = together(await Promise.all([observers.start(ctx, []), containers.start(ctx, [])]));
    await clock.sleep(BEFORE_MS);
    await this.inject();
    await clock.sleep(LOOK_MS);
    this.#events.push({ t: clock.now(), kind: 'fault.healing', id: `${this.#fault.name}-1` });
  }

  /** The events as a fault record, as the record of a run would give it. Throws when no injection began. */
  get record(): FaultRecord {
    const [record] = faultRecords(this.#events, () => this.looking.observers);
    if (record === undefined) throw new Error('the fault was never begun');
    return record;
  }

  prove(record = this.record): Evidence {
    return this.#bound.prove(record);
  }

  /** Undoes the fault in another process, which knows only the journal on disk. */
  async undoElsewhere(): Promise<void> {
    // Ends the work that the fault goes on with: it would have ended with the process of a killed run.
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

/**
 * Waits up to 90 s until the topology is healthy. Returns its residue then, with what differs from a snapshot, or what it
 * still waits for. An empty list means that all is well.
 */
export async function becomesWell(topology: TopologyControl, before?: Snapshot): Promise<readonly string[]> {
  const until = clock.now() + HEALTHY_MS;
  for (;;) {
    const { healthy, waitingFor } = await topology.health();
    if (healthy) {
      const { residue, snapshot } = await topology.look();
      const changed = before === undefined ? [] : compare(before, snapshot).changed;
      return [...residue, ...differencesAsResidue(changed)].map((r) => `${r.kind}: ${r.target}`);
    }
    if (clock.now() > until) return waitingFor;
    await clock.sleep(500);
  }
}

const isAct = (key: string | symbol): boolean => (ACTS as readonly (string | symbol)[]).includes(key);

/** Wraps a topology so that `happen` is called at each act: before the act or after it. */
export function disturbed<T extends object>(
  topology: T,
  when: 'before' | 'after',
  happen: () => void | Promise<void>,
): T {
  return new Proxy(topology, {
    get(of, key) {
      const value = Reflect.get(of, key, of) as unknown;
      if (key === 'containers' || key === 'links') return disturbed(value as object, when, happen);
      if (typeof value !== 'function') return value;
      const method = (value as (...args: unknown[]) => Promise<unknown>).bind(of);
      if (!isAct(key)) return method;
      return async (...args: unknown[]) => {
        if (when === 'before') await happen();
        const answer = await method(...args);
        if (when === 'after') await happen();
        return answer;
      };
    },
  });
}
