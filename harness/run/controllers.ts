import { availableParallelism } from 'node:os';
import type { Clock } from '../core/clock.ts';
import { withDeadline } from '../core/deadline.ts';
import { ChaosError, describeError } from '../core/errors.ts';
import type { Controller, Decision, PastDecision } from '../core/kinds/controller.ts';
import type { Known } from '../core/kinds/known.ts';
import type { Plan, PlannedController } from '../core/plan/plan.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import type { JournalEntry } from '../core/topology/undo.ts';
import type { UndoJournal } from '../heal/journal.ts';
import { type Healer, tell, undoAll } from '../heal/undo.ts';
import { LatestReadings } from './probes/latest-readings.ts';

/** A controller remembers what it has decided for a day, milliseconds: no window of a decision is longer. */
const REMEMBERED_MS = 86_400_000;
/** When the controllers are to end, a change that is under way has this long to end, milliseconds. */
const ENDING_MS = 10_000;

/** What a controller remembers while the run goes on. */
interface Memory {
  before: number | undefined;
  past: readonly PastDecision[];
}

interface ControlContext {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly journal: UndoJournal;
  readonly emit: (event: RunEvent) => void;
  /** Resolves when a guardian stands by, which would take everything back if this process died. */
  readonly guarded: () => Promise<void>;
}

/**
 * The controllers of a run. Each decides again and again. A decision that changes something is recorded when the way
 * back is on disk. What goes wrong is recorded too, and then the run proves nothing.
 */
export class Controllers {
  readonly #ctx: ControlContext;
  readonly #known: Pick<Known, 'controllers' | 'series'>;
  readonly #entries: JournalEntry[] = [];
  readonly #over = new AbortController();
  #services: readonly string[] = [];
  #readings: LatestReadings | undefined;
  #deciding: Promise<void> = Promise.resolve();

  constructor(ctx: ControlContext, known: Pick<Known, 'controllers' | 'series'>) {
    this.#ctx = ctx;
    this.#known = known;
  }

  /** Receives every event as it is recorded. Series, which the controllers read, are made from the events. */
  see(event: RunEvent): void {
    this.#readings?.see(event);
  }

  /** Starts the plan's controllers. They decide until `end`, or until the signal aborts. */
  start({ controllers = [], topology }: Pick<Plan, 'controllers' | 'topology'>, signal: AbortSignal): void {
    const all = controllers.map((planned) => [planned, this.#controllerOf(planned)] as const);
    this.#services = all.map(([{ params }, controller]) => controller.service(params));
    const reads = all.flatMap(([{ params }, controller]) => controller.reads?.(params) ?? []);
    const readings = new LatestReadings(reads, topology, this.#known.series);
    this.#readings = readings;
    const going = AbortSignal.any([signal, this.#over.signal]);
    const work = all.map(([planned, controller]) => this.#control(planned, controller, readings, going));
    this.#deciding = Promise.all(work).then(() => undefined);
  }

  /** The services whose number of containers the controllers decide at this moment. */
  get services(): readonly string[] {
    return this.#over.signal.aborted ? [] : this.#services;
  }

  /** Whether controllers were started. Then the run is audited at its end, also when they had nothing to change. */
  get began(): boolean {
    return this.#services.length > 0;
  }

  /**
   * Ends every controller and gives every service the number of containers that it had. A second call tries again what
   * failed. Resolves with the undo steps that failed.
   */
  async end(): Promise<readonly JournalEntry[]> {
    this.#over.abort(new Error('the controllers have ended'));
    // A change that hangs must not delay the way back.
    await withDeadline('the end of the controllers', ENDING_MS, this.#deciding).catch(() => undefined);
    return this.undo();
  }

  /** Resolves when no controller acts any more. A change that was given up at its deadline is included. */
  acting(): Promise<void> {
    return this.#deciding;
  }

  /** Carries out every undo now, and waits for no decision to end. */
  undo(): Promise<readonly JournalEntry[]> {
    const { topology, clock, emit } = this.#ctx;
    const healer: Healer = { topology, clock, emit, by: 'run' };
    return undoAll(healer, this.#entries);
  }

  #controllerOf({ controller: name }: PlannedController): Controller {
    const { controllers } = this.#known;
    const found = controllers.find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new ChaosError('CHAOS_UNKNOWN_NAME', {
      what: `this version knows no controller "${name}"`,
      hint: `It knows ${controllers.map((one) => one.name).join(', ')}.`,
      exit: 'bad-input',
    });
  }

  async #control(
    planned: PlannedController,
    controller: Controller,
    readings: LatestReadings,
    going: AbortSignal,
  ): Promise<void> {
    const { clock, emit } = this.#ctx;
    const memory: Memory = { before: undefined, past: [] };
    let failures = 0;
    while (!going.aborted) {
      try {
        await this.#decide(planned, controller, memory, readings, going);
      } catch (error) {
        // The end of the run may come in the middle of a decision.
        if (going.aborted) break;
        failures += 1;
        tell(emit, { t: clock.now(), kind: 'controller.failed', id: planned.id, message: describeError(error) });
      }
      await clock.sleep(controller.everyMs, going).catch(() => undefined);
    }
    tell(emit, { t: clock.now(), kind: 'controller.ended', id: planned.id, failures });
  }

  /** Decides once, and carries the decision out when it changes something. */
  async #decide(
    planned: PlannedController,
    controller: Controller,
    memory: Memory,
    readings: LatestReadings,
    going: AbortSignal,
  ): Promise<void> {
    const { topology, clock, emit } = this.#ctx;
    const service = controller.service(planned.params);
    const replicas = await topology.containers.count(service);
    const t = clock.now();
    const before = (memory.before ??= replicas);
    const past = memory.past.filter((one) => one.t > t - REMEMBERED_MS);
    const cores = topology.spec.services[service]?.limits.cpus ?? availableParallelism();
    const decision = controller.decide(planned.params, { t, replicas, before, cores, readings: readings.of, past });
    if (decision === undefined) return;
    if (decision.scaling !== undefined) emit({ t, kind: 'scaling', id: planned.id, service, ...decision.scaling });
    memory.past = [...past, { t, decision }];
    if (decision.replicas === replicas || going.aborted) return;
    await this.#carryOut(planned, service, { from: replicas, before }, decision, going);
    memory.past = [...past, { t, decision, carriedOut: clock.now() }];
  }

  async #carryOut(
    { id, controller }: PlannedController,
    service: string,
    { from, before }: { readonly from: number; readonly before: number },
    { replicas: to, why, metric, value, threshold }: Decision,
    going: AbortSignal,
  ): Promise<void> {
    const { topology, clock, journal, emit, guarded } = this.#ctx;
    if (!this.#entries.some((entry) => entry.id === id)) {
      await guarded();
      const entry: JournalEntry = { id, step: { do: 'scale-service', service, replicas: before } };
      journal.record(entry);
      this.#entries.unshift(entry);
      emit({ t: clock.now(), kind: 'undo.recorded', ...entry });
    }
    going.throwIfAborted();
    emit({ t: clock.now(), kind: 'decided', id, controller, service, from, to, why });
    await topology.containers.scale(service, to);
    const action = to > from ? 'scale_up' : 'scale_down';
    emit({ t: clock.now(), kind: 'scaled', group: service, action, from, to, metric, value, threshold });
  }
}
