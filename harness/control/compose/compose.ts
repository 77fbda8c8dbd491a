import { type ChildProcess, spawn } from 'node:child_process';
import { ChaosError } from '../../core/errors.ts';
import { type Log, logged } from '../../core/log.ts';

/** Milliseconds that `docker compose` may take. It waits for health checks, and starts a database from nothing. */
const COMPOSE_MS = 300_000;
/** Milliseconds between SIGTERM and SIGKILL for a process that is to end. */
const LAST_WORDS_MS = 3_000;

export interface ComposeOptions {
  readonly files: readonly string[];
  readonly project: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** The text of one more compose file, which is laid over the others. */
  readonly overlay?: string | undefined;
  readonly signal?: AbortSignal;
  /** Receives the number of the process while it runs, and undefined when the process has ended. */
  readonly onChild?: (pid: number | undefined) => void;
  /** Default: 300,000 milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * Runs `docker compose` and returns its stdout. Throws CHAOS_COMPOSE with the last lines of its stderr when it fails,
 * or when it has not ended at its deadline and is therefore ended. When `signal` aborts, ends it and throws the
 * signal's reason.
 */
export function compose(args: readonly string[], options: ComposeOptions): Promise<string> {
  const order = { to: 'compose', what: `docker compose ${args.join(' ')}`, level: 'info' } as const;
  return logged(options.log, order, run(args, options));
}

async function run(args: readonly string[], options: ComposeOptions): Promise<string> {
  const { overlay } = options;
  const files = [...options.files, ...(overlay === undefined ? [] : ['-'])].flatMap((file) => ['-f', file]);
  const argv = ['compose', '--progress', 'plain', ...files, '-p', options.project, ...args];
  const child = spawn('docker', argv, { env: { ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  // A process that ends before it has read its input causes an error here. Its stderr says why it ended.
  child.stdin.on('error', () => undefined).end(overlay);
  options.onChild?.(child.pid);
  let out = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const deadlineMs = options.deadlineMs ?? COMPOSE_MS;
  const late = AbortSignal.timeout(deadlineMs);
  const over = AbortSignal.any([late, ...(options.signal === undefined ? [] : [options.signal])]);
  const { code, error } = await endOf(child, over);
  options.onChild?.(undefined);
  if (code === 0) return out;
  options.signal?.throwIfAborted();
  const ended = late.aborted ? `did not end within ${deadlineMs / 1_000} s, and was ended` : 'failed';
  throw new ChaosError('CHAOS_COMPOSE', {
    what: `docker compose ${args.join(' ')} ${ended}`,
    hint: complaints.trim().split('\n').slice(-6).join('\n') || 'Run `npx chaos doctor`.',
    exit: 'not-ready',
    facts: { code },
    cause: error,
  });
}

/**
 * Resolves when the process has ended. When the signal aborts, sends the process SIGTERM, and SIGKILL when it still
 * runs three seconds later.
 */
function endOf(child: ChildProcess, over: AbortSignal): Promise<{ code: number | null; error?: Error }> {
  return new Promise((resolve) => {
    let lastWords: NodeJS.Timeout | undefined;
    const end = (): void => {
      child.kill('SIGTERM');
      lastWords = setTimeout(() => {
        child.kill('SIGKILL');
        // `docker` starts its plug-in as a process of its own. That process may hold the pipes open, and 'close' would
        // wait for it.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LAST_WORDS_MS);
    };
    const ended = (code: number | null, error?: Error): void => {
      over.removeEventListener('abort', end);
      clearTimeout(lastWords);
      resolve(error === undefined ? { code } : { code, error });
    };
    child.once('error', (error) => ended(null, error));
    child.once('close', (code) => ended(code));
    if (over.aborted) end();
    else over.addEventListener('abort', end, { once: true });
  });
}
