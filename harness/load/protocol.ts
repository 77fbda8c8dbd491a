import type { LoadSpec, LoadTick, LoadTotals } from '../core/load/load.ts';
import type { ClockOrigin } from './thread/thread-clock.ts';

/** Start values of the generator's thread. */
export interface WorkerInit {
  readonly spec: LoadSpec;
  readonly origin: ClockOrigin;
}

/** Main thread to generator, in this order, when it is ready. */
export type WorkerOrder = 'begin' | 'stop';

/** Generator to main thread, in this order: ready, ticks, ended. It sends its first request when it is told to begin. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tick'; readonly tick: LoadTick }
  | { readonly kind: 'ended'; readonly totals: LoadTotals };
