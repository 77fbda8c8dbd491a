import { namedRandom, shuffled } from '../random.ts';
import type { SuiteEntry } from './suite.ts';

type Ordered = Pick<SuiteEntry, 'key' | 'environment'>;

/**
 * Returns the entries in an order that a seed draws. Entries with the same variables of the topology stay together, because
 * the topology is made anew between them. The shipped topology comes first.
 */
export function seededOrder<Entry extends Ordered>(entries: readonly Entry[], seed: number): Entry[] {
  const groups = Map.groupBy(shuffled(entries, namedRandom(seed, 'entries')), groupOf);
  const keys = shuffled([...groups.keys()].toSorted(), namedRandom(seed, 'groups'));
  return keys.toSorted((a, b) => Number(a !== NONE) - Number(b !== NONE)).flatMap((key) => groups.get(key) ?? []);
}

/** Returns a text that entries with the same variables of the topology have in common. */
export const groupOf = ({ environment }: Pick<SuiteEntry, 'environment'>): string =>
  JSON.stringify(Object.entries(environment).toSorted(([a], [b]) => a.localeCompare(b)));

const NONE = groupOf({ environment: {} });
