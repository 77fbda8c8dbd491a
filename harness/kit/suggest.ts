/** Returns the edit distance (Levenshtein), computed row by row. */
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

/** Words of more characters are not compared: known names are shorter, and the time grows with the length of both. */
const LONGEST = 100;

/** Returns the known name that is most like the word, undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const ranked = known
    .map((k) => ({ k, d: distance(word.toLowerCase(), k.toLowerCase()) }))
    .filter(({ k, d }) => d <= (Math.min(k.length, word.length) < 4 ? 1 : Math.max(2, Math.floor(k.length / 3))))
    .sort((a, b) => a.d - b.d);
  return ranked[0]?.k;
}

/** Returns 'Did you mean "kill"?', or a list of the known names when none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is none.';
  const near = nearest(word, known);
  return near === undefined ? `Known names: ${known.join(', ')}.` : `Did you mean "${near}"?`;
}
