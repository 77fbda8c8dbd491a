import type { LoadSpec, LoadTick, LoadTotals } from '../core/load/load.ts';
import type { ClockOrigin } from './thread-clock.ts';

/** What the generator's thread is started with. */
export interface WorkerInit {
  readonly spec: LoadSpec;
  readonly origin: ClockOrigin;
}

/** Main thread to generator. */
export type Command = 'stop';

/** Generator to main thread, in this order: ready, ticks, ended. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tick'; readonly tick: LoadTick }
  | { readonly kind: 'ended'; readonly totals: LoadTotals };
