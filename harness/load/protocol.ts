import type { LoadSpec, LoadTick, LoadTotals } from '../core/load/load.ts';
import type { ClockOrigin } from './thread/thread-clock.ts';

/** Start values of the generator's thread. */
export interface WorkerInit {
  readonly spec: LoadSpec;
  readonly origin: ClockOrigin;
}

/** From the main thread to the generator, in this order. 'begin' is sent only after the report 'ready'. */
export type WorkerOrder = 'begin' | 'stop';

/**
 * From the generator to the main thread, in this order: ready, ticks, ended. The generator sends its first request
 * after the order 'begin'.
 */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tick'; readonly tick: LoadTick }
  | { readonly kind: 'ended'; readonly totals: LoadTotals };
