import { describeError } from '../core/errors.ts';
import type { Looking } from '../core/kinds/condition.ts';

/** Milliseconds from the end of one question to the beginning of the next. */
const POLL_MS = 250;
/** A question without an answer in this time is asked again, milliseconds. */
export const ASK_MS = 5_000;

/** Whether a condition holds, and what was seen. */
export interface Seen {
  readonly holds: boolean;
  readonly saw: string;
}

/** Asks until the condition holds, every 250 ms. A question that fails is asked again; its error is what was seen. */
export async function askAgain({ clock, signal, saw }: Looking, ask: () => Promise<Seen>): Promise<number> {
  for (;;) {
    const seen = await ask().catch((error: unknown) => ({ holds: false, saw: describeError(error) }));
    signal.throwIfAborted();
    saw(seen.saw);
    if (seen.holds) return clock.now();
    await clock.sleep(POLL_MS, signal);
  }
}
