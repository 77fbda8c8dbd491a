import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface StubOptions {
  readonly latencyMs: number;
  /** Every n-th request gets this instead of its answer. */
  readonly closeEvery?: number;
  readonly truncateEvery?: number;
  readonly rejectEvery?: number;
  readonly wrongEvery?: number;
}

export interface StubCounts {
  readonly received: number;
  readonly answered: number;
  readonly closed: number;
  readonly truncated: number;
  readonly wrong: number;
  readonly rejected: number;
  /** Request ids that came more than once. */
  readonly repeated: number;
}

export type StubCommand = 'report' | 'refuse';
export type StubReport =
  { readonly kind: 'listening'; readonly port: number } | { readonly kind: 'counts'; readonly counts: StubCounts };

export interface Stub extends AsyncDisposable {
  readonly url: string;
  /** Stops the process, answers nothing, and goes on after `ms`. */
  freeze(ms: number): void;
  /** Refuses connections for a second. */
  refuse(): void;
  counts(): Promise<StubCounts>;
}

/** An HTTP server with known misbehaviour, in a process of its own so that it can be frozen. */
export async function startStub(options: StubOptions): Promise<Stub> {
  const child = fork(fileURLToPath(new URL('./stub-process.ts', import.meta.url)), [JSON.stringify(options)]);
  const [listening] = (await once(child, 'message')) as [Extract<StubReport, { kind: 'listening' }>];
  return {
    url: `http://127.0.0.1:${listening.port}`,
    freeze(ms) {
      child.kill('SIGSTOP');
      setTimeout(() => child.kill('SIGCONT'), ms).unref();
    },
    refuse: () => void child.send('refuse' satisfies StubCommand),
    async counts() {
      child.send('report' satisfies StubCommand);
      const [report] = (await once(child, 'message')) as [Extract<StubReport, { kind: 'counts' }>];
      return report.counts;
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
