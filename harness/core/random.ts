/** Returns a uniform number in [0, 1). */
export type Random = () => number;

const STEP = 0x6d2b79f5;

/** The number in [0, 1) that the generator mulberry32 makes of a state. */
function scramble(state: number): number {
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** A generator with a seed. The same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + STEP) >>> 0;
    return scramble(state);
  };
}

/** The 32-bit FNV-1a hash of a text's UTF-16 code units (Fowler, Noll, Vo). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A generator for one name: the same seed and name give the same numbers, and another name gives others. */
export const namedRandom = (seed: number, name: string): Random => seededRandom(hashOf(`${seed} ${name}`));

/**
 * `count` generators with a common seed, four bytes each. The numbers of a generator do not depend on the use of the
 * others.
 */
export class RandomBank {
  readonly #states: Uint32Array;

  constructor(seed: number, count: number) {
    const random = seededRandom(seed);
    this.#states = Uint32Array.from({ length: count }, () => random() * 4_294_967_296);
  }

  /** Returns the next number, in [0, 1), of the generator at position `which` (from 0). */
  next(which: number): number {
    const state = ((this.#states[which] ?? 0) + STEP) >>> 0;
    this.#states[which] = state;
    return scramble(state);
  }
}

/** Turns a uniform number in [0, 1) into an exponentially distributed number with mean 1. */
export const exponential = (uniform: number): number => -Math.log1p(-uniform);

/** Returns the values in an order that is drawn: Fisher and Yates' shuffle. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}
