import { seededRandom } from '../../harness/core/random.ts';
import { shuffled } from './shuffled.ts';

const DAY_MS = 86_400_000;

/**
 * Draws `count` of the cases, others each day; returns all cases when CHAOS_TESTS=all. Tests with real containers take
 * minutes, so one `npm test` tries a part of them. On one day all machines draw the same cases. The days go through the
 * cases in a shuffled order, and shuffle them again when all were drawn: no case is left out for longer than two rounds.
 */
export function drawn<T>(from: readonly T[], count: number, day = Math.floor(Date.now() / DAY_MS)): readonly T[] {
  if (process.env['CHAOS_TESTS'] === 'all' || count >= from.length) return from;
  const days = Math.ceil(from.length / count);
  const order = shuffled([...from.keys()], seededRandom(Math.floor(day / days)));
  const first = (day % days) * count;
  // The last day of a round begins again with the first cases, so that every day draws as many.
  const today = new Set(Array.from({ length: count }, (_, i) => order[(first + i) % from.length]));
  return from.filter((_, i) => today.has(i));
}
