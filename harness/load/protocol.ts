import type { LoadSpec, LoadTick, LoadTotals } from '../core/load/load.ts';
import type { ClockOrigin } from './thread/thread-clock.ts';

/** Start values of the generator's thread. */
export interface WorkerInit {
  readonly spec: LoadSpec;
  readonly origin: ClockOrigin;
}

/** Main thread to generator. */
export type WorkerOrder = 'stop';

/** Generator to main thread, in this order: ready, ticks, ended. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tick'; readonly tick: LoadTick }
  | { readonly kind: 'ended'; readonly totals: LoadTotals };
