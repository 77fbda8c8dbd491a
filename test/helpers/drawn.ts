import { draw } from '../../harness/core/aim.ts';
import { seededRandom } from '../../harness/core/random.ts';

const DAY_MS = 86_400_000;

/**
 * So many of them, drawn anew each day: what takes minutes with real containers is tried in full by CHAOS_TESTS=all, and
 * piece by piece by everybody's `npm test`. All machines draw the same on one day.
 */
export function drawn<T>(from: readonly T[], count: number): readonly T[] {
  if (process.env['CHAOS_TESTS'] === 'all') return from;
  return draw(from, { service: '', count }, seededRandom(Math.floor(Date.now() / DAY_MS)));
}
