import type { Healer } from './undo.ts';

/** Milliseconds between two readings of the topology's health. */
const EVERY_MS = 300;

/**
 * Waits until the topology is healthy, and resolves with undefined. At the deadline it resolves with what is still
 * missing.
 */
export async function waitHealthy(
  { topology, clock }: Pick<Healer, 'topology' | 'clock'>,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const until = clock.now() + deadlineMs;
  for (;;) {
    const { healthy, waitingFor } = await topology.health();
    if (healthy) return undefined;
    if (clock.now() >= until) return waitingFor;
    await clock.sleep(EVERY_MS, signal);
  }
}
