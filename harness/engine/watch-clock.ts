import type { Clock } from '../core/clock.ts';
import { repeatedly } from '../core/deadline.ts';
import type { RunEvent } from '../core/events.ts';

/** Wall and monotonic clock may part by this much, milliseconds, before times of containers and of the load no longer fit. */
const STEP_MS = 500;

/** Marks the run when the wall clock is stepped: the engine's timestamps and ours would disagree. */
export function watchClock(clock: Clock, emit: (event: RunEvent) => void): AsyncDisposable {
  let reported = false;
  const apart = Date.now() - clock.now();
  return repeatedly(1_000, () => {
    const step = Date.now() - clock.now() - apart;
    if (!reported && Math.abs(step) > STEP_MS) {
      reported = true;
      const message = `the wall clock was stepped by ${Math.round(step)} ms during the run`;
      emit({ t: clock.now(), kind: 'invalid', code: 'CHAOS_CLOCK_STEP', message });
    }
    return Promise.resolve();
  });
}
