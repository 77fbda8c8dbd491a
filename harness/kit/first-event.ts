import type { Looking } from '../core/kinds/condition.ts';
import type { RunEvent } from '../core/record/events.ts';

/**
 * Calls `cameAbout` with every event from now on. Resolves with the first time that it returns, epoch milliseconds.
 * Rejects when `signal` is aborted.
 */
export function firstEvent(
  { signal, onEvent }: Pick<Looking, 'signal' | 'onEvent'>,
  cameAbout: (event: RunEvent) => number | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const listening = onEvent((event) => {
      const t = cameAbout(event);
      if (t === undefined) return;
      listening[Symbol.dispose]();
      resolve(t);
    });
    const stop = (): void => (listening[Symbol.dispose](), reject(signal.reason as Error));
    signal.addEventListener('abort', stop, { once: true });
  });
}
