import { spawn } from 'node:child_process';
import { ChaosError } from '../core/errors.ts';
import { type Log, logged } from '../core/log.ts';

export interface ComposeOptions {
  readonly files: readonly string[];
  readonly project: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal?: AbortSignal;
  /** Told the process's number while it runs and undefined when it has ended. */
  readonly onChild?: (pid: number | undefined) => void;
}

/** Runs `docker compose`; CHAOS_COMPOSE with the last lines that it said when it fails. */
export function compose(args: readonly string[], options: ComposeOptions): Promise<string> {
  const order = { to: 'compose', what: `docker compose ${args.join(' ')}`, level: 'info' } as const;
  return logged(options.log, order, run(args, options));
}

async function run(args: readonly string[], options: ComposeOptions): Promise<string> {
  const files = options.files.flatMap((file) => ['-f', file]);
  const argv = ['compose', '--progress', 'plain', ...files, '-p', options.project, ...args];
  const child = spawn('docker', argv, {
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  options.onChild?.(child.pid);
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const { code, error } = await new Promise<{ code: number | null; error?: Error }>((resolve) => {
    child.once('error', (cause) => resolve({ code: null, error: cause }));
    child.once('close', (status) => resolve({ code: status }));
  });
  options.onChild?.(undefined);
  if (code === 0) return out;
  options.signal?.throwIfAborted();
  throw new ChaosError('CHAOS_COMPOSE', {
    what: `docker compose ${args.join(' ')} failed`,
    hint: said.trim().split('\n').slice(-6).join('\n') || 'Run `npx chaos doctor`.',
    exit: 'not-ready',
    facts: { code },
    cause: error,
  });
}
