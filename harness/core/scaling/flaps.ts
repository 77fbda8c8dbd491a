/** Three changes within this time, up, down and up again or the reverse, are a flap. Milliseconds. */
const FLAP_MS = 600_000;

/** A change of a number of instances. */
interface Change {
  /** Milliseconds, on any scale. */
  readonly t: number;
  readonly up: boolean;
}

/** Returns how often changes, in the order of time, took their direction back within ten minutes: up, down, up. */
export function flapsOf(changes: readonly Change[]): number {
  const turns = changes.filter(({ up }, i) => i === 0 || changes[i - 1]?.up !== up);
  return turns.filter(({ t }, i) => i >= 2 && t - (turns[i - 2]?.t ?? -Infinity) <= FLAP_MS).length;
}
