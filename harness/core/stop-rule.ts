import type { ZodType } from 'zod';
import type { LoadTick } from './load.ts';

/** What one second of the load says about a stop condition. */
interface Second {
  readonly holds: boolean;
  /** "291 of 300 requests failed (97.0 %)" */
  readonly observed: string;
}

/** How a check can end a run before its time: it looks at one second of the load after another. Pure. */
export interface StopRule<P = unknown> {
  /** A strict object; `for` is added to it. */
  readonly params: ZodType<P>;
  readonly example: unknown;
  /** "errors > 80 %" */
  describe(params: P): string;
  /** Undefined where the second says nothing, since no request ended in it. */
  look(second: LoadTick, params: P): Second | undefined;
}

export const defineStopRule = <P>(rule: StopRule<P>): StopRule => rule;
