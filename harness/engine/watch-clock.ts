import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/events.ts';

const EVERY_MS = 1_000;
/** A clock that is only slewed moves by half a millisecond a second; what moves by more than this was stepped. Milliseconds. */
const STEP_MS = 50;

/** Records every step of the wall clock against the monotonic one, a suspended machine's included. */
export function watchClock(clock: Clock, emit: (event: RunEvent) => void): AsyncDisposable {
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    let apart = clock.wall() - clock.now();
    for (;;) {
      await clock.sleep(EVERY_MS, stop.signal);
      const now = clock.wall() - clock.now();
      const by_ms = now - apart;
      apart = now;
      if (Math.abs(by_ms) > STEP_MS) emit({ t: clock.now(), kind: 'clock.stepped', by_ms: Math.round(by_ms) });
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };
}
