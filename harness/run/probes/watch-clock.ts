import type { Clock } from '../../core/clock.ts';
import type { RunEvent } from '../../core/record/events.ts';

const EVERY_MS = 1_000;
/** A larger move of the clock than this within a second is a step, milliseconds. A clock that is slewed moves by half a
 * millisecond a second. */
const STEP_MS = 50;

/**
 * Records every step of the wall clock against the monotonic clock. When the watch ends, records how often it compared
 * the two clocks and how many steps it saw. A suspended machine causes a step too.
 */
export function watchClock(clock: Clock, emit: (event: RunEvent) => void): AsyncDisposable {
  const stop = new AbortController();
  let [looks, steps] = [0, 0];
  const watch = async (): Promise<void> => {
    let apart = clock.wall() - clock.now();
    for (;;) {
      await clock.sleep(EVERY_MS, stop.signal);
      looks += 1;
      const now = clock.wall() - clock.now();
      const by_ms = now - apart;
      apart = now;
      if (Math.abs(by_ms) <= STEP_MS) continue;
      steps += 1;
      emit({ t: clock.now(), kind: 'clock.stepped', by_ms: Math.round(by_ms) });
    }
  };
  const watching = watch().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
      emit({ t: clock.now(), kind: 'clock.watched', looks, steps });
    },
  };
}
