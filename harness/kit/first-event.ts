import type { Looking } from '../core/kinds/condition.ts';
import type { RunEvent } from '../core/record/events.ts';

/**
 * Resolves with the first time that `cameAbout` returns of an event, epoch milliseconds. It sees every event from now
 * on. Rejects when the search ends.
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
