import { mkdirSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { onDisk } from '../core/disk-error.ts';
import { formatDuration } from '../core/duration.ts';
import { describeError } from '../core/errors.ts';
import type { RunEvent } from '../core/record/events.ts';
import { changesSystem, capMs, longestMs, type Plan } from '../core/plan/plan.ts';
import { RECORD_VERSION } from '../core/record/version.ts';
import { allSettledOrFirstError } from '../core/settled.ts';
import { namesSince, withNames } from '../core/topology/names.ts';
import { EventLog, type Unwritten } from '../record/event-log.ts';
import { keepLogs } from '../record/container-logs.ts';
import { keepBefore } from '../heal/before.ts';
import { type Healer, tell } from '../heal/undo.ts';
import { type Beside, withBeside } from './beside.ts';
import { Controllers } from './controllers.ts';
import { untilCue } from './cues.ts';
import { Healing } from './healing.ts';
import { lookBack } from './look-back/look-back.ts';
import type { JournalEntry } from '../core/topology/undo.ts';
import { UndoJournal } from '../heal/journal.ts';
import { makeHealthy, startClean } from './prepare.ts';
import { Progress } from './progress.ts';
import { samplesDir } from '../record/read.ts';
import { RunLoad } from './run-load.ts';
import { assertOffered } from './requirements.ts';
import type { RunOptions } from './run-options.ts';
import { FaultSchedule } from './steps/schedule.ts';
import { startProbes } from './probes/start-probes.ts';
import { assertSteady } from './steady.ts';
import { type Firing, StopConditions } from './stop-conditions.ts';
import { whyEnded } from './why-ended.ts';

/** How a run left the topology. */
export interface RunEnd {
  /** True when this run brought the topology up. The caller decides whether it stays. */
  readonly startedTopology: boolean;
  /** Resolves when no work of this run is under way any more. Work that hangs delays it. */
  readonly abandoned: Promise<void>;
  /** What is missing in the record because of the disk. Undefined when the record is whole. */
  readonly unwritten: Unwritten | undefined;
}

/**
 * Takes a run through its phases and records it. Judges nothing. Whatever happens, it heals every fault before it
 * resolves, and records what is left as residue.
 */
export async function recordRun(options: RunOptions): Promise<RunEnd> {
  return new RunRecorder(options).record();
}

class RunRecorder {
  readonly #o: RunOptions;
  readonly #log: EventLog;
  readonly #journal: UndoJournal;
  readonly #faults: FaultSchedule;
  readonly #healer: Healer;
  readonly #healing: Healing;
  /** The plan, with the containers' names as the engine has them once the topology is up. */
  #plan: Plan;
  #stops: StopConditions;
  readonly #controllers: Controllers;
  readonly #progress: Progress;
  readonly #over = new AbortController();
  readonly #guardian: Disposable;
  readonly #load: RunLoad;
  #probes: AsyncDisposable | undefined;
  #lookingBack: Promise<void> = Promise.resolve();
  /** Work beside a phase. It never rejects. */
  #beside: Promise<void> = Promise.resolve();
  #startedTopology = false;
  #begun = 0;

  constructor(options: RunOptions) {
    const { dir, subscribers, topology, clock, plan, catalogue } = options;
    this.#o = options;
    this.#plan = plan;
    onDisk(dir, () => mkdirSync(samplesDir(dir), { recursive: true }));
    this.#log = new EventLog(dir, subscribers, (text) => options.redact(text));
    this.#journal = new UndoJournal(options.journal);
    this.#stops = this.#watchStops();
    const emit = this.#emit;
    this.#load = new RunLoad(options, emit);
    this.#progress = new Progress(clock, emit, options.interruption.signal);
    const ctx = { topology, clock, journal: this.#journal, emit, guarded: () => options.guardian.standing() };
    this.#faults = new FaultSchedule({ ...ctx, seed: plan.seed }, catalogue);
    this.#controllers = new Controllers(ctx, catalogue);
    this.#healer = { topology, clock, by: 'run', emit };
    this.#healing = new Healing({
      healer: this.#healer,
      faults: this.#faults,
      controllers: this.#controllers,
      healthyMs: plan.phases.heal,
      signal: options.interruption.signal,
    });
    options.interruption.onHurry(async () => {
      await Promise.all([this.#faults.undoAtOnce(), this.#controllers.undo()]);
    });
    this.#guardian = options.guardian.subscribe({
      replaced: (pid, was) => {
        const message = `the guardian ${was}; another guardian stands by (process ${pid})`;
        tell(emit, { t: clock.now(), kind: 'note', message });
      },
      lost: (why, was) => {
        const message = `the guardian ${was}, and no other guardian could be started: ${why}`;
        options.interruption.abort({ by: 'guardian', message });
      },
    });
  }

  #emit = (event: RunEvent): void => {
    try {
      this.#log.emit(event);
    } finally {
      const { failure } = this.#log;
      if (failure !== undefined) this.#o.interruption.abort({ by: 'record', message: describeError(failure) });
    }
    this.#faults.see(event);
    this.#controllers.see(event);
    const firing = this.#firing(event);
    if (firing !== undefined) this.#o.interruption.abort({ by: 'stop_if', message: firing.message });
  };

  /** A stop condition that throws protects nothing any more, so it ends the run. */
  #firing(event: RunEvent): Pick<Firing, 'message'> | undefined {
    try {
      return this.#stops.see(event);
    } catch (error) {
      return { message: `a stop condition could not be evaluated: ${describeError(error)}` };
    }
  }

  get #now(): number {
    return this.#o.clock.now();
  }

  async record(): Promise<RunEnd> {
    const { plan, run, environment } = this.#o;
    this.#begun = this.#now;
    void this.#endInTime();
    try {
      const version = RECORD_VERSION;
      this.#emit({ t: this.#begun, kind: 'run.started', run, version, compares: true, plan, environment });
      await this.#prepare();
      await this.#experiment();
    } catch (error) {
      tell(this.#emit, whyEnded(this.#now, error, this.#o.interruption));
    } finally {
      await this.#close();
    }
    const work = [this.#progress.leftBehind(), this.#faults.acting(), this.#controllers.acting(), this.#beside];
    const abandoned = Promise.all(work).then(() => undefined);
    return { startedTopology: this.#startedTopology, abandoned, unwritten: this.#log.lost };
  }

  /** Aborts the run when it has lasted for its cap, whatever hangs. */
  async #endInTime(): Promise<void> {
    const { clock, plan, interruption } = this.#o;
    const cap = capMs(plan);
    try {
      await clock.sleep(cap, this.#over.signal);
    } catch {
      return; // the run ended before its cap
    }
    const message = `the run had lasted for ${formatDuration(cap)}, and its phases take ${formatDuration(longestMs(plan))} at most`;
    interruption.abort({ by: 'duration', message });
  }

  async #prepare(): Promise<void> {
    const { plan, run, topology, catalogue, guardian, interruption } = this.#o;
    await assertOffered(plan, catalogue.faults, topology);
    const options = { plan, run, healer: this.#healer, guardian, progress: this.#progress };
    const onStart = (): void => {
      guardian.startedTopology();
      this.#startedTopology = true;
    };
    await makeHealthy({ ...options, signal: interruption.signal, onStart });
    this.#takeNames();
    // Probes watch and change nothing, so they start while the run looks for residue. The load becomes ready and waits.
    this.#load.ready();
    const looked = startClean(options);
    await allSettledOrFirstError([looked, this.#startProbes()]);
    if (!changesSystem(plan)) return;
    const before = await looked;
    keepBefore(this.#o.journal, before);
    this.#emit({ t: this.#now, kind: 'snapshot', places: before });
    this.#healing.compareWith(before);
  }

  async #startProbes(): Promise<void> {
    await this.#o.guardian.standing();
    await this.#progress.step('starting probes', async () => {
      this.#probes = await startProbes({ ...this.#o, plan: this.#plan }, this.#emit);
    });
  }

  /** Some containers may have other names than in the plan. Takes these names from the topology, which is up now. */
  #takeNames(): void {
    const names = namesSince(this.#plan.topology, this.#o.topology.spec);
    if (Object.keys(names).length === 0) return;
    this.#plan = { ...this.#plan, topology: withNames(this.#plan.topology, names) };
    this.#stops = this.#watchStops();
    this.#emit({ t: this.#now, kind: 'containers', names });
  }

  #watchStops(): StopConditions {
    return new StopConditions(this.#plan, this.#o.catalogue.checks);
  }

  async #experiment(): Promise<void> {
    const { plan, dir, clock, interruption, cues } = this.#o;
    const { phases } = plan;
    let { signal } = interruption;
    await this.#progress.step('starting the load', async () => {
      const failed = await this.#load.begin();
      // Without load nothing can be judged. When the load fails, no further fault begins and every fault is healed.
      if (failed !== undefined) signal = AbortSignal.any([signal, failed]);
    });
    this.#control(signal);
    await this.#progress.phase('warmup', () => clock.sleep(phases.warmup, signal));
    await this.#phase('baseline', signal, (over) =>
      cues === undefined
        ? lasting(clock, phases.baseline, signal, over)
        : untilCue(cues, phases.baseline, signal, clock),
    );
    if (changesSystem(plan)) {
      assertSteady(dir, this.#o.catalogue);
      this.#o.guardian.hold();
      await this.#phase('fault', signal, (over) =>
        this.#faults.run(plan.faults, phases.fault, signal, over ?? cues?.heal),
      );
      await this.#progress.phase('heal', () => this.#healing.phase(() => this.#rest()));
      await this.#progress.phase('recovery', () => clock.sleep(phases.recovery, signal));
    }
    await this.#load.stop();
    this.#lookingBack = this.#lookBack();
  }

  /** Carries out a phase, with the work that goes on beside it. `during` ends early when its signal aborts. */
  #phase(phase: Beside['phase'], signal: AbortSignal, during: (over?: AbortSignal) => Promise<void>): Promise<void> {
    const { beside } = this.#o;
    return this.#progress.phase(phase, () =>
      beside?.phase === phase ? withBeside(beside, signal, during, (work) => void (this.#beside = work)) : during(),
    );
  }

  /** Looks back on the load, beside the last audit. Throws only when the record cannot be written. */
  async #lookBack(): Promise<void> {
    const { dir, plan, catalogue, topology, clock } = this.#o;
    const { workload } = plan.load;
    try {
      const { faults } = catalogue;
      await lookBack({ dir, workload, faults, topology, clock, emit: this.#emit, progress: this.#progress });
    } catch (error) {
      tell(this.#emit, whyEnded(this.#now, error, this.#o.interruption));
    }
  }

  /** Starts the controllers. From now on they may change the system, so silence of this process or of the guardian
   * means that it hangs. */
  #control(signal: AbortSignal): void {
    if (!this.#controlled) return;
    this.#o.guardian.hold();
    this.#controllers.start(this.#plan, signal);
  }

  get #controlled(): boolean {
    return (this.#o.plan.controllers ?? []).length > 0;
  }

  /** No fault is in force any more. Silence is no sign of danger then, unless controllers are at work. */
  #rest(): void {
    if (!this.#controlled) this.#o.guardian.rest();
  }

  /** Always runs. Afterwards nothing that this run did is still in force, or the record names it. */
  async #close(): Promise<void> {
    try {
      const healed = this.#healAndStop();
      const keepLogs = (): Promise<void> => this.#keepLogs();
      // All three come to their end: a log that cannot be kept must not end the audit for residue.
      const audited = this.#healing.atTheEnd(healed);
      await allSettledOrFirstError([audited, healed.then(keepLogs, keepLogs), this.#lookingBack]);
    } finally {
      this.#over.abort();
      this.#guardian[Symbol.dispose]();
      this.#journal[Symbol.dispose]();
      this.#log[Symbol.dispose]();
    }
  }

  /**
   * Heals every fault, stops load and probes, and takes back what the controllers changed. Resolves with the undo steps
   * that failed.
   */
  async #healAndStop(): Promise<readonly JournalEntry[]> {
    const failed = await this.#faults.heal();
    await Promise.allSettled([this.#load.stop(), this.#probes?.[Symbol.asyncDispose]()]);
    const open = await this.#controllers.end();
    this.#o.guardian.rest();
    return [...failed, ...open];
  }

  /** Copies the containers' logs into the run's folder. After SIGTERM and SIGHUP there is no time for it. */
  async #keepLogs(): Promise<void> {
    const { interruption, topology, dir } = this.#o;
    if (interruption.by === 'SIGTERM' || interruption.by === 'SIGHUP') return;
    const missing = await keepLogs({
      containers: topology.containers,
      dir,
      since: this.#begun,
      redact: (text) => this.#o.redact(text),
    });
    if (missing !== undefined) this.#emit({ t: this.#now, kind: 'note', message: missing });
  }
}

/** Lets a phase last, or until `over` aborts. Rejects when the run is ended. */
async function lasting(clock: Clock, ms: number, signal: AbortSignal, over?: AbortSignal): Promise<void> {
  if (over === undefined) return clock.sleep(ms, signal);
  await clock.sleep(ms, AbortSignal.any([signal, over])).catch((reason: unknown) => {
    if (signal.aborted) throw reason;
  });
}
