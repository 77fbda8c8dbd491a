import { mkdirSync } from 'node:fs';
import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/events.ts';
import type { LoadRun } from '../core/load/load.ts';
import { capMs, longestMs } from '../core/plan.ts';
import { allSettledOrFirstError } from '../core/settled.ts';
import type { Residue } from '../core/topology.ts';
import { auditWrites } from './audit.ts';
import { EventLog } from './event-log.ts';
import { keepLogs } from './container-logs.ts';
import { auditResidue, type Healer, tell, unseen, waitHealthy } from './heal.ts';
import { recordHops } from './hops.ts';
import { type JournalEntry, UndoJournal } from './journal.ts';
import { prepare } from './prepare.ts';
import { Progress } from './progress.ts';
import { readHistory, readWrites, samplesDir } from './record.ts';
import { assertOffered } from './requirements.ts';
import type { RunOptions } from './run-options.ts';
import { FaultSchedule } from './schedule.ts';
import { startProbes } from './start-probes.ts';
import { assertSteady } from './steady.ts';
import { StopConditions } from './stop-conditions.ts';
import { whyEnded } from './why-ended.ts';

/** How a run left the topology. */
export interface RunEnd {
  /** True when this run brought the topology up: whoever called decides whether it stays. */
  readonly startedTopology: boolean;
}

/** Passes through the phases and records; judges nothing. Whatever happens, every fault is taken back before it returns. */
export async function recordRun(options: RunOptions): Promise<RunEnd> {
  return new RunRecorder(options).record();
}

class RunRecorder {
  readonly #o: RunOptions;
  readonly #log: EventLog;
  readonly #journal: UndoJournal;
  readonly #faults: FaultSchedule;
  readonly #healer: Healer;
  readonly #stops: StopConditions;
  readonly #progress: Progress;
  readonly #over = new AbortController();
  #load: LoadRun | undefined;
  #probes: AsyncDisposable | undefined;
  #startedTopology = false;
  /** Whether the heal phase has given the system its time to become well. */
  #waited = false;
  #begun = 0;

  constructor(options: RunOptions) {
    const { dir, subscribers, topology, clock, plan, catalogue } = options;
    this.#o = options;
    mkdirSync(samplesDir(dir), { recursive: true });
    this.#log = new EventLog(dir, subscribers, (text) => options.redact(text));
    this.#journal = new UndoJournal(dir);
    this.#stops = new StopConditions(plan, [...catalogue.checks, ...catalogue.metrics]);
    const emit = this.#emit;
    this.#progress = new Progress(clock, emit, options.interruption.signal);
    this.#faults = new FaultSchedule(
      { topology, clock, journal: this.#journal, seed: plan.seed, emit, guarded: () => options.guardian.standing() },
      catalogue.faults,
    );
    this.#healer = { topology, clock, by: 'run', emit };
    options.interruption.onHurry(() => this.#faults.undoAtOnce());
    options.guardian.subscribe({
      replaced: (pid, was) => {
        const message = `the guardian ${was}: another one stands by (process ${pid})`;
        tell(emit, { t: clock.now(), kind: 'note', message });
      },
      lost: (why, was) => {
        const message = `the guardian ${was}: no other one could be started: ${why}`;
        options.interruption.abort({ by: 'guardian', message });
      },
    });
  }

  #emit = (event: RunEvent): void => {
    this.#log.emit(event);
    this.#faults.see(event);
    const firing = this.#stops.see(event);
    if (firing !== undefined) this.#o.interruption.abort({ by: 'stop_if', message: firing.message });
  };

  get #now(): number {
    return this.#o.clock.now();
  }

  async record(): Promise<RunEnd> {
    const { plan, run, environment } = this.#o;
    this.#begun = this.#now;
    this.#emit({ t: this.#begun, kind: 'run.started', run, plan, environment });
    void this.#endInTime();
    try {
      await this.#prepare();
      await this.#experiment();
    } catch (error) {
      this.#emit(whyEnded(this.#now, error, this.#o.interruption));
    } finally {
      await this.#close();
    }
    return { startedTopology: this.#startedTopology };
  }

  /** A hard cap: whatever hangs, the run does not. */
  async #endInTime(): Promise<void> {
    const { clock, plan, interruption } = this.#o;
    const cap = capMs(plan);
    try {
      await clock.sleep(cap, this.#over.signal);
    } catch {
      return; // it was over before
    }
    const message = `the run had lasted for ${formatDuration(cap)}, and its phases take ${formatDuration(longestMs(plan))} at most`;
    interruption.abort({ by: 'duration', message });
  }

  async #prepare(): Promise<void> {
    const { plan, run, topology, catalogue, guardian, interruption } = this.#o;
    await assertOffered(plan, catalogue.faults, topology);
    await prepare({
      plan,
      run,
      healer: this.#healer,
      guardian,
      progress: this.#progress,
      signal: interruption.signal,
      onStart: () => {
        guardian.startedTopology();
        this.#startedTopology = true;
      },
    });
  }

  async #experiment(): Promise<void> {
    const { plan, run, dir, topology, clock, load, interruption } = this.#o;
    const { phases } = plan;
    let { signal } = interruption;
    const total = longestMs(plan);
    await this.#progress.step('starting probes and load', async () => {
      this.#probes = await startProbes(this.#o, this.#stops, this.#emit);
      const spec = {
        plan: plan.load,
        baseUrl: plan.topology.entry,
        seed: plan.seed,
        dir: samplesDir(dir),
        run,
        maxDurationMs: total + 120_000,
      };
      this.#load = await load.start(spec, (tick) => this.#emit({ kind: 'load', ...tick }), clock);
      // Without load nothing can be judged: nothing is broken any more, and what is broken is put back.
      if (this.#load.failed !== undefined) signal = AbortSignal.any([signal, this.#load.failed]);
    });
    await this.#progress.phase('warmup', () => clock.sleep(phases.warmup, signal));
    await this.#progress.phase('baseline', () => clock.sleep(phases.baseline, signal));
    if (plan.faults.length > 0) {
      assertSteady(dir, this.#o.catalogue);
      this.#o.guardian.hold();
      await this.#progress.phase('fault', () => this.#faults.run(plan.faults, phases.fault, signal));
      await this.#progress.phase('heal', () => this.#heal());
      await this.#progress.phase('recovery', () => clock.sleep(phases.recovery, signal));
    }
    await this.#stopLoad();
    // Side by side: one waits for the database, the other reads logs.
    await Promise.all([
      this.#progress.step('looking up every acknowledged write', () =>
        this.#progress.answered(
          auditWrites({ topology, clock, emit: this.#emit }, plan.load.workload, readWrites(dir)),
        ),
      ),
      this.#progress.step('following every request from hop to hop', () =>
        this.#progress.answered(
          recordHops({ topology, clock, emit: this.#emit }, readHistory(dir, this.#o.catalogue.faults)),
        ),
      ),
    ]);
  }

  /** Takes every fault back and waits until the system is well, or until the deadline: the audit at the end says which. */
  async #heal(): Promise<void> {
    const failed = await this.#faults.heal();
    this.#o.guardian.rest();
    // A system that an undo could not reach does not become well by itself: what is put right now is waited for.
    if (failed.length > 0) await auditResidue(this.#healer, failed, false);
    await waitHealthy(this.#healer, this.#o.plan.phases.heal, this.#o.interruption.signal);
    this.#waited = true;
  }

  async #stopLoad(): Promise<void> {
    const load = this.#load;
    this.#load = undefined;
    if (load !== undefined) this.#emit({ t: this.#now, kind: 'load.ended', totals: await load.stop() });
  }

  /** Runs always: nothing that this run did is still in force when it is over, or it is named. */
  async #close(): Promise<void> {
    try {
      const healed = this.#healAndStop();
      const keepLogs = (): Promise<void> => this.#keepLogs();
      // Neither leaves the other behind: a log that cannot be kept must not end the audit.
      await allSettledOrFirstError([this.#audit(healed), healed.then(keepLogs, keepLogs)]);
    } finally {
      this.#over.abort();
      this.#journal[Symbol.dispose]();
      this.#log[Symbol.dispose]();
    }
  }

  /** Answers which undos failed. */
  async #healAndStop(): Promise<readonly JournalEntry[]> {
    const failed = await this.#faults.heal();
    this.#o.guardian.rest();
    await Promise.allSettled([this.#stopLoad(), this.#probes?.[Symbol.asyncDispose]()]);
    return failed;
  }

  /** Tells what is left of the faults, and whether the system is well. */
  async #audit(healed: Promise<readonly JournalEntry[]>): Promise<void> {
    try {
      const failed = await healed;
      if (!this.#faults.began) return;
      const residue = await auditResidue(this.#healer, failed, false);
      const unwell = await this.#unwell();
      this.#emit({ t: this.#now, kind: 'residue', residue: [...residue, ...unwell], healthy: unwell.length === 0 });
    } catch (error) {
      this.#emit({ t: this.#now, kind: 'residue', residue: [unseen(error)], healthy: false });
    }
  }

  /** A run that was ended early has not passed through its heal phase: the system is waited for here. */
  async #unwell(): Promise<readonly Residue[]> {
    try {
      const missing = await waitHealthy(this.#healer, this.#waited ? 0 : this.#o.plan.phases.heal);
      return (missing ?? []).map((what) => ({ kind: 'not healthy', target: what, how_to_undo: 'chaos heal' }));
    } catch (error) {
      return [unseen(error)];
    }
  }

  /** What the containers said, for whoever asks why; left out where nobody has the time. */
  async #keepLogs(): Promise<void> {
    const { interruption, topology, dir } = this.#o;
    if (interruption.by === 'SIGTERM' || interruption.by === 'SIGHUP') return;
    const missing = await keepLogs({
      topology,
      dir,
      since: this.#begun,
      redact: (text) => this.#o.redact(text),
    });
    if (missing !== undefined) this.#emit({ t: this.#now, kind: 'note', message: missing });
  }
}
