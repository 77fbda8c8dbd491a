import { ChaosError } from './errors.ts';

/** The promise's result, or CHAOS_DEADLINE after `ms`; the loser's timer is stopped. The work itself may go on. */
export async function withDeadline<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new ChaosError('CHAOS_DEADLINE', {
          what: `${what} did not answer within ${ms} ms`,
          hint: 'Look at what it stands on: `chaos doctor`, `docker ps`; then run `chaos heal`.',
          exit: 'error',
        }),
      );
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The work's result, or the signal's reason as soon as it is aborted. The work itself may go on. */
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

/** Calls `again` every `everyMs` until it is disposed; calls never overlap; what it throws is dropped (a gap in the record). */
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
