import { join } from 'node:path';
import { withDeadline } from '../core/deadline.ts';
import { ChaosError } from '../core/errors.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { Environment } from '../core/record/environment.ts';
import type { RunDocument, Subscriber } from '../core/record/run.ts';
import { secretsOf } from '../core/text/secrets.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import { processId } from '../disk/process-id.ts';
import { writeWhole } from '../disk/whole.ts';
import { waitHealthy } from '../heal/health.ts';
import { closeRecord } from '../judge/folder.ts';
import { newFolder, RUN_FILE } from '../record/folders.ts';
import { writeResults } from '../record/results.ts';
import { Interruption, type Interrupter } from '../run/interruption.ts';
import { recordRun } from '../run/run.ts';
import type { Guardian } from './guardian/keeper.ts';
import { InForce } from '../core/record/in-force.ts';
import type { SessionParts } from './parts.ts';
import type { Session, SessionRunOptions } from './session.ts';
import type { Places } from './places.ts';
import { tellEnd, undelivered } from './tell-end.ts';
import { watchStopFile } from './stop-file.ts';
import type { LockHolder } from './topology-lock.ts';

/** A topology that was brought up has this long to become healthy, milliseconds. */
const HEALTHY_MS = 60_000;
/**
 * An ended run may leave work under way, for example a question without an answer. Such work has this long to end
 * before the next run begins, milliseconds.
 */
const LEFTOVERS_MS = 30_000;

/** The topology that a session holds, and what the session needs for it. */
export interface Held {
  readonly spec: TopologySpec;
  readonly parts: SessionParts;
  readonly keep: boolean;
  readonly waits: boolean;
  readonly places: Places;
  readonly claim: number;
  readonly holder: LockHolder;
  readonly guardian: Guardian;
}

interface AtWork {
  readonly interruption: Interruption;
  readonly inForce: InForce;
  readonly ended: Promise<unknown>;
}

/** What joins a run. */
interface Joined {
  readonly subscribers: readonly Subscriber[];
  readonly cues: SessionRunOptions['cues'];
  readonly beside: SessionRunOptions['beside'];
}

/** A session: it holds one topology until the session is closed. */
export class HeldTopology implements Session {
  readonly #h: Held;
  #holder: LockHolder;
  #startedTopology = false;
  #times = 0;
  #interruptedBy: Interrupter | undefined;
  #atWork: AtWork | undefined;
  #abandoned: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  /** True when the rest is left to the guardian. */
  #left = false;

  constructor(held: Held) {
    this.#h = held;
    this.#holder = held.holder;
    this.#post({ guardian: processId(held.guardian.pid) });
    held.guardian.subscribe({
      // Whoever finds the lock must know of a guardian that may heal, from its first moment on.
      spawned: (pid) => this.#post({ guardian: processId(pid) }),
      replaced: () => undefined,
      lost: () => undefined,
    });
  }

  get inForce(): string | undefined {
    return this.#atWork?.inForce.text;
  }

  get lastRun(): string | undefined {
    return this.#holder.run;
  }

  get startedTopology(): boolean {
    return this.#startedTopology;
  }

  get interruptedBy(): Interrupter | undefined {
    return this.#interruptedBy;
  }

  /** Brings the topology up when it is down, and waits until it is healthy. */
  async bringUp(): Promise<void> {
    const { spec, parts, guardian } = this.#h;
    await using topology = parts.topologyControl(spec);
    if ((await topology.presence()) === 'present') return;
    await guardian.standing();
    this.#startedTopology = true;
    guardian.startedTopology();
    parts.say('bringing the topology up ...');
    await topology.up(new AbortController().signal, (pid) => guardian.child(pid));
    const missing = await waitHealthy({ topology, clock: parts.clock }, HEALTHY_MS);
    if (missing === undefined) return;
    throw new ChaosError('CHAOS_NOT_HEALTHY', {
      what: `the topology is up and not healthy: ${missing.join('; ')}`,
      hint: '`docker compose logs` with its compose files says more.',
      exit: 'not-ready',
    });
  }

  run(plan: Plan, options: SessionRunOptions = {}): Promise<RunDocument> {
    const refused = this.#refusal(plan);
    if (refused !== undefined) return Promise.reject(refused);
    const interruption = new Interruption();
    const inForce = new InForce();
    const { subscribers = [], cues, beside } = options;
    const running = this.#run(plan, { interruption, inForce, subscribers, cues, beside });
    const ended = running.then(
      () => this.#over(),
      () => this.#over(),
    );
    this.#atWork = { interruption, inForce, ended };
    return running;
  }

  /** Says to others that no run is at work, when this session waits for people. */
  rest(): void {
    if (this.#h.waits && !this.#left) this.#post({ idle: true, led: true });
  }

  interrupt(by: Interrupter): number {
    this.#times += 1;
    this.#interruptedBy ??= by;
    this.#atWork?.interruption.interrupt(by);
    return this.#times;
  }

  abort(why: string): void {
    this.#atWork?.interruption.abort({ by: 'chaos abort', message: why });
  }

  async hurry(): Promise<void> {
    await this.#atWork?.interruption.hurry();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #over(): void {
    this.#atWork = undefined;
    this.rest();
  }

  #post(change: Partial<LockHolder>): void {
    const { places, claim } = this.#h;
    this.#holder = { ...this.#holder, ...change };
    places.lock.update(claim, this.#holder);
  }

  #refusal(plan: Plan): ChaosError | undefined {
    const { spec } = this.#h;
    if (this.#closed !== undefined || this.#left || this.#interruptedBy !== undefined) {
      return new ChaosError('CHAOS_SESSION_CLOSED', {
        what: `the session on "${spec.project}" is over${this.#interruptedBy === undefined ? '' : ` (${this.#interruptedBy})`}`,
        hint: 'Open another session with `openSession`.',
        exit: 'not-ready',
      });
    }
    if (this.#atWork !== undefined) {
      return new ChaosError('CHAOS_SESSION_BUSY', {
        what: `run ${this.#holder.run ?? ''} of this session is at work`,
        hint: 'A topology has one run at a time. `await session.run(...)` resolves when it is over.',
        exit: 'not-ready',
      });
    }
    if (plan.topology.project === spec.project) return undefined;
    return new ChaosError('CHAOS_OTHER_TOPOLOGY', {
      what: `the plan is about the topology "${plan.topology.project}", and the session holds "${spec.project}"`,
      hint: `Open a session for "${plan.topology.project}".`,
      exit: 'bad-input',
    });
  }

  async #run(
    plan: Plan,
    { interruption, inForce, subscribers, cues, beside }: Omit<AtWork, 'ended'> & Joined,
  ): Promise<RunDocument> {
    const { parts, places, guardian } = this.#h;
    const { clock, catalogue, load, probes } = parts;
    await withDeadline('work that the last run left under way', LEFTOVERS_MS, this.#abandoned).catch(() => undefined);
    const environment = await this.#environment(plan);
    const { run, dir } = newFolder(parts.reports, plan.name);
    const redact = secretsOf(parts.env, plan.topology);
    const warn = (message: string): void => parts.say(`warning: ${message}`);
    const started = new Date().toISOString();
    this.#post({ run, dir, idle: undefined });
    const { files } = plan.topology;
    const journal = places.notes.begin({ run, dir, topology: plan.topology, env: parts.variablesOf(files) });
    guardian.watchRun({ run, dir });
    // The reports and the database take seconds in which no timer fires. After SIGTERM and SIGHUP there is no time.
    const mustLeave = (): boolean => interruption.by === 'SIGTERM' || interruption.by === 'SIGHUP';
    try {
      const { runner } = this.#holder;
      const header = { schema_version: 1, state: 'running', run, title: plan.title, started, runner };
      writeWhole(join(dir, RUN_FILE), redact(`${JSON.stringify(header)}\n`));
      using log = parts.openLog(dir, 'run', redact);
      await using topology = parts.topologyControl(plan.topology, { log });
      await using _stop = watchStopFile(places.stop, run, clock, interruption);
      const followed = parts.out.follow({ by: 'run', redact, warn });
      const { startedTopology, abandoned, unwritten } = await recordRun({
        plan,
        run,
        dir,
        journal,
        environment,
        topology,
        load,
        probes,
        catalogue,
        clock,
        guardian,
        interruption,
        subscribers: [...subscribers, inForce, followed],
        cues,
        beside,
        redact,
      });
      this.#abandoned = abandoned;
      this.#startedTopology ||= startedTopology;
      subscribers.forEach((subscriber) => subscriber.close());
      const { judged, unwritten: lost } = closeRecord(dir, catalogue, {
        clock,
        redact,
        unwritten: unwritten?.events,
        notes: undelivered(followed, clock),
      });
      if (mustLeave()) {
        parts.say('leaving the report to the guardian, and the topology too if this run brought it up');
        await this.#leave();
        return judged.document;
      }
      const document = await writeResults(dir, judged, {
        reporters: parts.reporters,
        openStore: () => parts.openStore(parts.reports, plan.topology),
        writeIndex: () => parts.writeIndex(parts.reports),
        redact,
        warn,
        unwritten: lost,
      });
      const told = await tellEnd(dir, { ...judged, document }, followed, { redact, warn });
      if (judged.document.restored) places.notes.remove(run);
      guardian.runOver();
      return told ?? document;
    } catch (error) {
      // This process no longer knows what is in force. The guardian has the journal.
      await this.#leave();
      throw error;
    }
  }

  /** Called before anything of the run begins. When the engine does not answer, only this run fails, and the session
   * goes on. */
  async #environment(plan: Plan): Promise<Environment> {
    await using topology = this.#h.parts.topologyControl(plan.topology);
    return await this.#h.parts.environment(topology);
  }

  /** Leaves the rest to the guardian, which releases the topology too. */
  async #leave(): Promise<void> {
    this.#left = true;
    await this.#h.guardian.leave();
  }

  async #close(): Promise<void> {
    const { spec, parts, keep, places, claim, guardian } = this.#h;
    if (this.#atWork !== undefined) {
      this.#atWork.interruption.abort({ by: 'session', message: 'the session was closed while this run was at work' });
      await this.#atWork.ended;
    }
    if (this.#left) return;
    if (this.#startedTopology && !keep) {
      parts.say('removing the topology that this session brought up');
      await using topology = parts.topologyControl(spec);
      for (const kept of await topology.down()) parts.say(`kept, because chaos did not make it: ${kept}`);
    }
    await guardian.done();
    places.lock.release(claim);
  }
}
