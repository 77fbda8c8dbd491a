import { formatDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { Lock } from '../disk/lock.ts';
import { isAlive, isProcessId, type ProcessId } from '../disk/process-id.ts';

/** What a process does that holds a topology. A session has a run, or is between two runs. */
export type Doing =
  'session' | 'heal' | 'topology up' | 'topology down' | 'topology deploy' | 'autoscale calibrate' | 'runbook walk';

/** Who is at work on a topology. */
export interface LockHolder {
  readonly doing: Doing;
  /** The run at work or the last run, and the absolute path of its folder. Both are undefined before the first run of a
   * session, and for commands. */
  readonly run: string | undefined;
  readonly dir: string | undefined;
  /** The session waits for people, and no run is at work. Only a session that was opened for this says so. */
  readonly idle?: boolean | undefined;
  /** People lead the session, as on a game day: they act on the topology by hand while its runs are at work. */
  readonly led?: boolean | undefined;
  /** The checkout whose code the process runs. */
  readonly place: string;
  /** When the process took the topology, ISO 8601. */
  readonly since: string;
  readonly runner: ProcessId;
  /** The guardian, which heals when the runner dies. Undefined until it has started, and for commands without one. */
  readonly guardian: ProcessId | undefined;
}

export type LockState =
  | { readonly state: 'free' }
  | {
      /** running: the runner lives. healing: the runner is dead and its guardian heals. */
      readonly state: 'running' | 'healing';
      readonly holder: LockHolder;
      /** The number of the claim by which the topology is held. `release` needs it. */
      readonly claim: number;
    }
  | {
      /** Runner and guardian are dead. The holder is undefined when a crash of the machine has damaged the claim. */
      readonly state: 'left';
      readonly holder: LockHolder | undefined;
      readonly claim: number;
    };

/** A lock that lets one process at a time use a topology. Its error names the holder. */
export class TopologyLock {
  readonly #lock: Lock<LockHolder>;

  constructor(path: string) {
    this.#lock = new Lock(path, isHolder, 0o600);
  }

  get path(): string {
    return this.#lock.path;
  }

  read(): LockState {
    const found = this.#lock.read();
    if (found === undefined) return { state: 'free' };
    const { holder, number: claim } = found;
    if (holder === undefined) return { state: 'left', holder, claim };
    return { state: stateOf(holder), holder, claim };
  }

  /**
   * Takes the topology when it is free, or when its holder and the holder's guardian are dead. Of many processes that
   * try this at the same time, exactly one succeeds. Returns the number of the claim. Throws CHAOS_RUN_ACTIVE when
   * somebody else holds the topology.
   */
  acquire(holder: LockHolder): number {
    const claim = this.#lock.take(holder, (other) => stateOf(other) === 'left');
    if (claim === undefined) throw heldBy(this.read());
    return claim;
  }

  /** Replaces the holder that a claim names. Only the process that made the claim may do so. */
  update(claim: number, holder: LockHolder): void {
    this.#lock.update(claim, holder);
  }

  release(claim: number): void {
    this.#lock.release(claim);
  }
}

const isHolder = (value: unknown): value is LockHolder =>
  typeof value === 'object' && value !== null && isProcessId((value as Partial<LockHolder>).runner);

function stateOf({ runner, guardian }: LockHolder): 'running' | 'healing' | 'left' {
  if (isAlive(runner)) return 'running';
  return guardian !== undefined && isAlive(guardian) ? 'healing' : 'left';
}

/** Returns the error CHAOS_RUN_ACTIVE, which names the holder. */
export function heldBy(lock: LockState): ChaosError {
  const holder = lock.state === 'free' ? undefined : lock.holder;
  return new ChaosError('CHAOS_RUN_ACTIVE', {
    what: `the topology is in use by ${holder === undefined ? 'another process' : describeHolder(holder)}`,
    hint: 'Wait for it. Or end it with Ctrl-C in its terminal; a run also ends with `chaos abort`. `chaos status` says more.',
    exit: 'not-ready',
  });
}

/** "run 2026…-redis-loss-3f9a, from /home/ann/shop (process 4711, for 3 min 05 s)". */
export function describeHolder(holder: LockHolder): string {
  const { place, runner, since } = holder;
  const age = Date.now() - Date.parse(since);
  const lasting = Number.isFinite(age) ? `, for ${formatDuration(Math.max(0, Math.round(age / 1_000) * 1_000))}` : '';
  return `${nameOf(holder)}, from ${place} (process ${runner.pid}${lasting})`;
}

/** Returns the name of a holder: "run " and its run, "a session" before its first run, or the command. */
export function nameOf({ doing, run }: Pick<LockHolder, 'doing' | 'run'>): string {
  if (run !== undefined) return `run ${run}`;
  return doing === 'session' ? 'a session' : `\`chaos ${doing}\``;
}
