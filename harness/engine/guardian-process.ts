import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import type { TopologySpec } from '../core/topology.ts';

/** What the guardian is told of a run, a JSON line each on its input. The input's end is the news that the run is over or dead. */
export type GuardianMessage =
  | {
      readonly tell: 'watch';
      readonly dir: string;
      readonly run: string;
      readonly lock: string;
      readonly reports: string;
      readonly keep: boolean;
      readonly topology: TopologySpec;
    }
  | { readonly tell: 'started-topology' }
  | { readonly tell: 'child'; readonly pid: number | undefined }
  | { readonly tell: 'done' };

export type Watch = Extract<GuardianMessage, { tell: 'watch' }>;

/** The run's side of the guardian. */
export interface Guardian {
  readonly pid: number;
  /** The run is about to bring the topology up: when it dies, the topology goes too. */
  startedTopology(): void;
  /** A process of the run's that must end with it. */
  child(pid: number | undefined): void;
  /** All is put back: the guardian has nothing to do. */
  done(): Promise<void>;
}

const READY_MS = 10_000;

/** Starts the process that outlives the run, in a session of its own, so that no signal to the run's group reaches it. */
export async function startGuardian(script: string, watch: Omit<Watch, 'tell'>): Promise<Guardian> {
  const log = openSync(join(watch.dir, 'logs', 'guardian.log'), 'a');
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'pipe', log] });
  closeSync(log);
  const { stdin, stdout, pid } = child;
  if (stdin === null || stdout === null || pid === undefined) throw failed(child);
  stdin.on('error', () => undefined);
  const tell = (message: GuardianMessage): void => void stdin.write(`${JSON.stringify(message)}\n`);
  tell({ tell: 'watch', ...watch });
  const ready = once(stdout, 'data', { signal: AbortSignal.timeout(READY_MS) });
  const ended = once(child, 'exit').then(() => Promise.reject(failed(child)));
  await Promise.race([ready, ended]).catch((cause: unknown) => Promise.reject(failed(child, cause)));
  ended.catch(() => undefined);
  return {
    pid,
    startedTopology: () => tell({ tell: 'started-topology' }),
    child: (number) => tell({ tell: 'child', pid: number }),
    async done() {
      tell({ tell: 'done' });
      stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

const failed = (child: ChildProcess, cause?: unknown): ChaosError =>
  new ChaosError('CHAOS_GUARDIAN', {
    what: `the guardian process did not start (exit ${String(child.exitCode)})`,
    hint: "Without it a crash of the harness could leave a fault behind, so nothing was started. See logs/guardian.log in the run's folder.",
    exit: 'error',
    cause,
  });
