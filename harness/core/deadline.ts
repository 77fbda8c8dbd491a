import { ChaosError } from './errors.ts';

const tooLong = (what: string, ms: number): ChaosError =>
  new ChaosError('CHAOS_DEADLINE', {
    what: `${what} took longer than ${ms} ms`,
    hint: 'Check the engine and the containers with `chaos doctor` and `docker ps`. Then run `chaos heal`.',
    exit: 'error',
  });

/**
 * Returns the result of `work`; `what` names the work in the message. Throws CHAOS_DEADLINE after `ms` milliseconds, or
 * the error that `late` makes. The work itself may go on then.
 */
export async function withDeadline<T>(
  what: string,
  ms: number,
  work: Promise<T>,
  late: () => Error = () => tooLong(what, ms),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Returns the result of `work`. Throws the signal's reason as soon as the signal is aborted; `work` itself may go on
 * then.
 */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Calls `again` every `everyMs` milliseconds until disposed. Calls never overlap. An error of a call is dropped: it
 * leaves a gap in the record.
 */
export function repeatedly(everyMs: number, again: () => Promise<void>): AsyncDisposable {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = (): void => {
    if (stopped) return;
    const began = performance.now();
    running = again()
      .catch(() => undefined)
      .then(() => {
        if (!stopped) timer = setTimeout(turn, Math.max(0, everyMs - (performance.now() - began)));
      });
  };
  turn();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
