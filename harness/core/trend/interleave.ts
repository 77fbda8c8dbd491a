/** What a rerun is a rerun of: the base, or what is compared with it. */
export type Side = 'base' | 'now';

/** How many reruns of each side answer whether a change is real. How often they are wrong: docs/trends.md. */
export const RERUNS = 5;

/**
 * Returns the order of `each` reruns of both sides: base, now, now, base, base, now, ... A machine that becomes slower or
 * faster in the course of the reruns meets both sides alike, and each side is made ready half as often as there are reruns.
 */
export const interleaved = (each = RERUNS): Side[] =>
  Array.from({ length: 2 * each }, (_, i) => ((i + 1) % 4 < 2 ? 'base' : 'now'));

/** Returns an order of sides as its stretches of one side: the side, and how many reruns. */
export const stretches = (order: readonly Side[]): { readonly side: Side; readonly count: number }[] =>
  order.reduce<{ side: Side; count: number }[]>((found, side) => {
    const last = found.at(-1);
    if (last?.side === side) last.count += 1;
    else found.push({ side, count: 1 });
    return found;
  }, []);
