import { mkdirSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { unlessAborted } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import { formatDuration } from '../core/duration.ts';
import { ChaosError, describeError } from '../core/errors.ts';
import type { Environment } from '../core/environment.ts';
import type { RunEvent } from '../core/events.ts';
import { idPrefix, type LoadEngine, type LoadRun } from '../core/load.ts';
import type { Observer } from '../core/observation.ts';
import type { Phase } from '../core/phases.ts';
import { capMs, longestMs, type Plan } from '../core/plan.ts';
import type { Probe } from '../core/probe.ts';
import type { Subscriber } from '../core/run.ts';
import { faultsOf } from '../core/steps.ts';
import type { Residue } from '../core/topology.ts';
import type { TopologyControl } from '../core/topology-control.ts';
import { auditWrites } from './audit.ts';
import { EventLog } from './event-log.ts';
import type { Guardian } from './guardian-process.ts';
import { keepLogs } from './container-logs.ts';
import { auditResidue, type Healer, tell, unseen, waitHealthy } from './heal.ts';
import { MARKER } from './hop-lines.ts';
import { recordHops } from './hops.ts';
import type { Interruption } from './interruption.ts';
import { UndoJournal } from './journal.ts';
import { type Catalogue } from './judge.ts';
import { readHistory, readWrites, samplesDir } from './record.ts';
import { assertOffered } from './requirements.ts';
import { FaultSchedule } from './schedule.ts';
import { assertSteady } from './steady.ts';
import { StopConditions } from './stop-conditions.ts';
import { watchClock } from './watch-clock.ts';

/** A topology that is already up is given this long to become healthy, milliseconds. */
const READY_MS = 20_000;

export interface RunOptions {
  readonly plan: Plan;
  readonly run: string;
  /** The run's folder, made already. */
  readonly dir: string;
  readonly environment: Environment;
  readonly topology: TopologyControl;
  readonly load: LoadEngine;
  readonly probes: readonly Probe[];
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly guardian: Guardian;
  readonly interruption: Interruption;
  readonly subscribers: readonly Subscriber[];
  redact(text: string): string;
}

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
    this.#stops = new StopConditions(plan, catalogue.checks);
    const emit = this.#emit;
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
      this.#explain(error);
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

  /** Topology up and well, nothing left of an earlier fault, the data as it was after generation. */
  async #prepare(): Promise<void> {
    const { topology, interruption, guardian, plan, catalogue } = this.#o;
    await assertOffered(plan, catalogue.faults, topology);
    if ((await this.#answered(topology.presence())) === 'absent') {
      guardian.startedTopology();
      this.#startedTopology = true;
      await this.#step('bringing the topology up', () =>
        topology.up(interruption.signal, (pid) => guardian.child(pid)),
      );
    }
    await this.#step('waiting until the topology is healthy', async () => {
      const missing = await this.#answered(waitHealthy(this.#healer, READY_MS, interruption.signal));
      if (missing !== undefined)
        throw notReady('CHAOS_NOT_HEALTHY', `the topology is not healthy: ${missing.join('; ')}`);
    });
    const residue = await this.#answered(topology.residue());
    if (residue.length > 0) {
      const found = residue.map((r) => `${r.kind} ${r.target}`).join('; ');
      throw notReady('CHAOS_RESIDUE', `something is left of an earlier fault: ${found}`);
    }
    await this.#step('putting the data back to what it was', async () => {
      const fingerprint = await this.#answered(topology.reset());
      this.#emit({ t: this.#now, kind: 'note', message: `data fingerprint ${fingerprint}` });
    });
    await this.#step('asking the entry for its readiness', () => this.#entryAnswers());
  }

  async #entryAnswers(): Promise<void> {
    const { run, plan } = this.#o;
    const { entry, ready } = plan.topology;
    try {
      const headers = { 'x-request-id': `${idPrefix(run, 'open')}${MARKER}` };
      const response = await fetch(`${entry}${ready}`, { headers, signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
    } catch (error) {
      throw notReady('CHAOS_ENTRY_DEAD', `${entry}${ready} does not answer: ${describeError(error)}`);
    }
  }

  async #experiment(): Promise<void> {
    const { plan, run, dir, topology, clock, load, interruption } = this.#o;
    const { phases } = plan;
    let { signal } = interruption;
    const total = longestMs(plan);
    await this.#step('starting probes and load', async () => {
      this.#probes = await this.#startProbes();
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
    await this.#phase('warmup', () => clock.sleep(phases.warmup, signal));
    await this.#phase('baseline', () => clock.sleep(phases.baseline, signal));
    if (plan.faults.length > 0) {
      assertSteady(dir, this.#o.catalogue);
      this.#o.guardian.hold();
      await this.#phase('fault', () => this.#faults.run(plan.faults, phases.fault, signal));
      await this.#phase('heal', () => this.#heal());
      await this.#phase('recovery', () => clock.sleep(phases.recovery, signal));
    }
    await this.#stopLoad();
    await this.#step('looking up every acknowledged write', () =>
      this.#answered(auditWrites({ topology, clock, emit: this.#emit }, plan.load.workload, readWrites(dir))),
    );
    await this.#step('following every request from hop to hop', () =>
      this.#answered(recordHops({ topology, clock, emit: this.#emit }, readHistory(dir, this.#o.catalogue.faults))),
    );
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

  async #startProbes(): Promise<AsyncDisposable> {
    const { plan, run, topology, clock, catalogue, probes } = this.#o;
    const spec = plan.topology;
    const observers = new Map<string, Observer>();
    const watched = new Set<string>();
    for (const { fault: name, params } of faultsOf(plan.faults)) {
      const fault = catalogue.faults.find((f) => f.name === name);
      for (const observer of fault?.observers(params, spec) ?? []) observers.set(observer.id, observer);
      const { target } = fault?.aims(params) ?? {};
      if (target !== undefined)
        (spec.groups[target.service] ?? [target.service]).forEach((service) => watched.add(service));
    }
    const ctx = { run, topology, clock, observers: [...observers.values()], watched: [...watched], emit: this.#emit };
    const started = await Promise.all(probes.map((probe) => probe.start(ctx)));
    return together([...started, watchClock(clock, this.#emit)]);
  }

  async #phase(phase: Phase, during: () => Promise<void>): Promise<void> {
    this.#emit({ t: this.#now, kind: 'phase.started', phase });
    try {
      await during();
    } finally {
      this.#emit({ t: this.#now, kind: 'phase.ended', phase });
    }
  }

  async #step(step: string, work: () => Promise<void>): Promise<void> {
    const begun = this.#now;
    this.#o.interruption.signal.throwIfAborted();
    await work();
    this.#emit({ t: this.#now, kind: 'topology', step, ms: this.#now - begun });
  }

  /** A question that may hang: asked to end, the run leaves it behind and goes on to heal. */
  #answered<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(this.#o.interruption.signal, work);
  }

  async #stopLoad(): Promise<void> {
    const load = this.#load;
    this.#load = undefined;
    if (load !== undefined) this.#emit({ t: this.#now, kind: 'load.ended', totals: await load.stop() });
  }

  /** Why the run did not come to its end, as an event. */
  #explain(error: unknown): void {
    const { by, aborted } = this.#o.interruption;
    if (by !== undefined) {
      this.#emit({ t: this.#now, kind: 'interrupted', by });
    } else if (aborted !== undefined) {
      this.#emit({ t: this.#now, kind: 'aborted', ...aborted });
    } else if (error instanceof ChaosError && error.exit === 'not-ready') {
      const { code, hint } = error;
      this.#emit({ t: this.#now, kind: 'not-ready', code, message: describeError(error), hint });
    } else {
      const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
      const stack = error instanceof Error && !(error instanceof ChaosError) ? `\n${error.stack ?? ''}` : '';
      this.#emit({ t: this.#now, kind: 'error', code, message: `${describeError(error)}${stack}` });
    }
  }

  /** Runs always: nothing that this run did is still in force when it is over, or it is named. */
  async #close(): Promise<void> {
    try {
      const failed = await this.#faults.heal();
      this.#o.guardian.rest();
      await Promise.allSettled([this.#stopLoad(), this.#probes?.[Symbol.asyncDispose]()]);
      if (this.#faults.began) {
        const residue = await auditResidue(this.#healer, failed, false);
        const unwell = await this.#unwell();
        this.#emit({ t: this.#now, kind: 'residue', residue: [...residue, ...unwell], healthy: unwell.length === 0 });
      }
    } catch (error) {
      this.#emit({ t: this.#now, kind: 'residue', residue: [unseen(error)], healthy: false });
    } finally {
      this.#over.abort();
      await this.#keepLogs();
      this.#journal[Symbol.dispose]();
      this.#log[Symbol.dispose]();
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

const notReady = (code: `CHAOS_${string}`, what: string): ChaosError =>
  new ChaosError(code, {
    what,
    hint: 'Run `chaos heal`, or start afresh: `chaos topology down` and `chaos topology up`.',
    exit: 'not-ready',
  });
