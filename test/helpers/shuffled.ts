import { draw } from '../../harness/core/topology/aim.ts';
import type { Random } from '../../harness/core/random.ts';

/** Returns the same things in an order that the random numbers give. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const left = [...list];
  return list.flatMap(() => {
    const [one] = draw([...left.keys()], { service: '', count: 1 }, random);
    return one === undefined ? [] : left.splice(one, 1);
  });
}
