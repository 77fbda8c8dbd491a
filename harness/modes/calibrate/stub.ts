import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { moduleBeside } from '../../core/module.ts';

export interface StubOptions {
  /** From the whole request to the answer's headers, milliseconds. */
  readonly latencyMs: number;
  /** From the headers to the whole body, milliseconds. */
  readonly bodyMs?: number;
  /** With `closeEvery: n`, the connection of every n-th request is closed instead of an answer. In the same way the
   * next options give every n-th request a body that is cut off, the status 400, the status 503 with Retry-After, or a
   * body without the expected fields. */
  readonly closeEvery?: number;
  readonly truncateEvery?: number;
  readonly rejectEvery?: number;
  readonly turnAwayEvery?: number;
  readonly wrongEvery?: number;
  /** Every n-th request gets no answer, and its connection stays open. */
  readonly stallEvery?: number;
}

/** What the stub did with a request. gone: its connection was closed before its answer was due. */
export type Deed = 'answered' | 'closed' | 'truncated' | 'rejected' | 'turned away' | 'wrong' | 'stalled' | 'gone';

export interface StubRequest {
  /** The request's x-request-id. */
  readonly id: string;
  readonly did: Deed;
  /** When its headers were read, epoch milliseconds. */
  readonly arrived: number;
  /** When the answer was handed to the system, epoch milliseconds. For a request without an answer: when the answer was
   * due. */
  readonly ended: number;
}

/** A time in which the stub answered nothing, or refused connections. Epoch milliseconds. */
export interface StubSpan {
  readonly did: 'froze' | 'refused';
  readonly from: number;
  readonly until: number;
}

/** Everything that the stub did, as it recorded it. */
export interface StubLog {
  readonly requests: readonly StubRequest[];
  readonly spans: readonly StubSpan[];
}

export type StubCommand =
  | { readonly tell: 'log' }
  | { readonly tell: 'freeze'; readonly ms: number }
  | { readonly tell: 'refuse'; readonly ms: number };
export type StubReport =
  { readonly kind: 'listening'; readonly port: number } | { readonly kind: 'log'; readonly log: StubLog };

/** A server whose behaviour is known. It does not outlive this process, also when it is frozen. */
export interface Stub extends AsyncDisposable {
  readonly url: string;
  /**
   * Answers nothing for `ms` milliseconds, then everything at once. To a client this looks like a stopped process, for
   * which the system still accepts connections. But a process that was really stopped needs a tenth of a second or more
   * to take up the 600 requests that came meanwhile.
   */
  freeze(ms: number): void;
  /** Refuses connections for `ms` milliseconds, and cuts the open connections. */
  refuse(ms: number): void;
  log(): Promise<StubLog>;
}

/** Starts an HTTP server whose misbehaviour is known. It runs in a process of its own, so that it and the load
 * generator do not slow each other. */
export async function startStub(options: StubOptions): Promise<Stub> {
  const child = fork(moduleBeside('./stub-process', import.meta.url), [JSON.stringify(options)]);
  const [listening] = (await once(child, 'message')) as [Extract<StubReport, { kind: 'listening' }>];
  const tell = (command: StubCommand): void => void (child.connected && child.send(command));
  return {
    url: `http://127.0.0.1:${listening.port}`,
    freeze: (ms) => tell({ tell: 'freeze', ms }),
    refuse: (ms) => tell({ tell: 'refuse', ms }),
    async log() {
      tell({ tell: 'log' });
      const [report] = (await once(child, 'message')) as [Extract<StubReport, { kind: 'log' }>];
      return report.log;
    },
    [Symbol.asyncDispose]: () => killed(child),
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Returns how many requests ended in each way. */
export function deedsOf({ requests }: StubLog): Readonly<Record<Deed, number>> {
  const counts = { answered: 0, closed: 0, truncated: 0, rejected: 0, 'turned away': 0, wrong: 0, stalled: 0, gone: 0 };
  for (const { did } of requests) counts[did] += 1;
  return counts;
}

/** Returns how many request ids came more than once. */
export const repeatedIn = ({ requests }: StubLog): number =>
  [...Map.groupBy(requests, ({ id }) => id).values()].filter((same) => same.length > 1).length;
