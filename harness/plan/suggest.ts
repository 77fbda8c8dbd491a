/** Edit distance (Levenshtein), by rows. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Longer than any name of ours: the distance takes the product of both lengths. */
const LONGEST = 100;

/** The name that was probably meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const ranked = known
    .map((k) => ({ k, d: distance(word.toLowerCase(), k.toLowerCase()) }))
    .filter(({ k, d }) => d <= (Math.min(k.length, word.length) < 4 ? 1 : Math.max(2, Math.floor(k.length / 3))))
    .sort((a, b) => a.d - b.d);
  return ranked[0]?.k;
}

/** "Did you mean "kill"?", or the list of what there is. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none.';
  const near = nearest(word, known);
  return near === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean "${near}"?`;
}
