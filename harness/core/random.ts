/** A uniform number in [0, 1). */
export type Random = () => number;

const STEP = 0x6d2b79f5;

/** mulberry32: the number that belongs to a state. */
function scramble(state: number): number {
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** Seeded generator: the same seed gives the same run, on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + STEP) >>> 0;
    return scramble(state);
  };
}

/** Many seeded generators at four bytes each: what one draws does not depend on how often another is asked. */
export class RandomBank {
  readonly #states: Uint32Array;

  constructor(seed: number, count: number) {
    const random = seededRandom(seed);
    this.#states = Uint32Array.from({ length: count }, () => random() * 4_294_967_296);
  }

  next(which: number): number {
    const state = ((this.#states[which] ?? 0) + STEP) >>> 0;
    this.#states[which] = state;
    return scramble(state);
  }
}

/** Exponentially distributed with mean 1, from a uniform number in [0, 1). */
export const exponential = (uniform: number): number => -Math.log1p(-uniform);
