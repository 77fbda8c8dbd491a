import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ShellResult {
  /**
   * Exit code. 127: the program is not there. 126: it cannot be started. 124: the deadline ended it. 128: a signal
   * ended it.
   */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

interface ShellOptions {
  readonly deadlineMs?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Receives each line of stdout and stderr as soon as it comes. A returned number replaces the deadline: milliseconds
   * from the start of the program.
   */
  readonly onLine?: (line: string) => number | undefined;
}

export type Shell = (program: string, args: readonly string[], options?: ShellOptions) => Promise<ShellResult>;

const DEFAULT_DEADLINE_MS = 30_000;
/**
 * Characters that are kept of each stream, from its end: enough to show the cause of a failure. The log gets
 * everything.
 */
const KEPT_CHARS = 1_000_000;

/**
 * Returns a function that runs programs without a shell, each with a deadline. It never throws because of an exit code.
 * With a log, it appends all output of the programs to the log.
 */
export function createShell(log?: WriteStream): Shell {
  return async (program, args, options = {}) => {
    const started = performance.now();
    log?.write(`\n$ ${[program, ...args].join(' ')}\n`);
    return await new Promise<ShellResult>((resolve) => {
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env === undefined ? process.env : { ...process.env, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      let timedOut = false;
      let settled = false;
      let lastWords: NodeJS.Timeout | undefined;

      const expire = (): void => {
        timedOut = true;
        child.kill('SIGTERM');
        lastWords = setTimeout(() => {
          child.kill('SIGKILL');
          // A grandchild may hold the pipes open, and 'close' would then wait for it.
          child.stdout.destroy();
          child.stderr.destroy();
        }, 3_000);
      };
      let timer = setTimeout(expire, options.deadlineMs ?? DEFAULT_DEADLINE_MS);

      const settle = (code: number, extra = ''): void => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        clearTimeout(lastWords);
        const ms = Math.round(performance.now() - started);
        log?.write(
          `${extra}# exit ${String(timedOut ? 124 : code)} after ${String(ms)} ms${timedOut ? ' (deadline)' : ''}\n`,
        );
        resolve({ code: timedOut ? 124 : code, stdout, stderr: stderr + extra, timedOut });
      };
      const onLine = (line: string): void => {
        const deadline = options.onLine?.(line);
        if (deadline === undefined || settled || timedOut) return;
        clearTimeout(timer);
        timer = setTimeout(expire, Math.max(0, deadline - (performance.now() - started)));
      };

      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        log?.write(text);
        stdout = (stdout + text).slice(-KEPT_CHARS);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log?.write(text);
        stderr = (stderr + text).slice(-KEPT_CHARS);
      });
      if (options.onLine !== undefined) {
        createInterface({ input: child.stdout }).on('line', onLine);
        createInterface({ input: child.stderr }).on('line', onLine);
      }
      child.on('error', (error: NodeJS.ErrnoException) => {
        settle(error.code === 'ENOENT' ? 127 : 126, `${error.message}\n`);
      });
      child.on('close', (code) => {
        settle(code ?? 128);
      });
    });
  };
}

/** Opens `.chaos/setup.log` for appending. */
export function openLog(root: string): WriteStream {
  mkdirSync(join(root, '.chaos'), { recursive: true });
  const log = createWriteStream(join(root, '.chaos', 'setup.log'), { flags: 'a' });
  // A log that cannot be written (a full disk, another user's clone) must not stop the set-up.
  log.on('error', () => undefined);
  log.write(`\n==== ${new Date().toISOString()} pid ${String(process.pid)}\n`);
  return log;
}

/** Returns the last lines that are not empty: a person needs to see them when a program failed. */
export function lastLines(result: Pick<ShellResult, 'stdout' | 'stderr'>, count = 6): string {
  const said = `${result.stdout}\n${result.stderr}`.split('\n').map((line) => line.trimEnd());
  return said
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
