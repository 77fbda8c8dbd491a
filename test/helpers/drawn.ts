import { draw } from '../../harness/core/topology/aim.ts';
import { seededRandom } from '../../harness/core/random.ts';

const DAY_MS = 86_400_000;

/**
 * Draws `count` of the cases, others each day; returns all cases when CHAOS_TESTS=all. Tests with real containers take
 * minutes, so one `npm test` tries a part of them. On one day all machines draw the same cases.
 */
export function drawn<T>(from: readonly T[], count: number): readonly T[] {
  if (process.env['CHAOS_TESTS'] === 'all') return from;
  return draw(from, { service: '', count }, seededRandom(Math.floor(Date.now() / DAY_MS)));
}
