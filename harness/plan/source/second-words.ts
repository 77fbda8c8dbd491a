/**
 * Keys that have the meaning of another key. `of` was the key of the check `failover` and of the condition `role` in
 * earlier versions.
 */
const MEANT: Readonly<Record<string, readonly [key: string, why: string]>> = {
  of: ['service', 'it names a service or a group wherever something is done to it, asked of it or awaited'],
  group: ['service', 'it names a group too'],
  service: ['of', 'it says whose figure is meant'],
};

/** Returns the known key that a second word stands for, with the hint that names it. */
export function secondWord(
  word: string,
  known: readonly string[],
): { readonly key: string; readonly hint: string } | undefined {
  const [key, why] = (Object.hasOwn(MEANT, word) ? MEANT[word] : undefined) ?? [];
  return key === undefined || why === undefined || !known.includes(key)
    ? undefined
    : { key, hint: `Write "${key}": ${why}.` };
}
