import type { Random } from '../../../harness/core/random.ts';

/** Returns one of the values, each as likely as the others. */
export function one<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

/** Returns a whole number from `low` to `high`. */
export const whole = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

/** Returns text of 1 to `most` characters, each a byte: any byte, or with `printable` one that a request line may have. */
export function noise(random: Random, most: number, printable: boolean): string {
  const [low, high] = printable ? [0x21, 0x7e] : [0, 0xff];
  return String.fromCharCode(...Array.from({ length: whole(random, 1, most) }, () => whole(random, low, high)));
}

/** Returns the text with one character taken out, doubled or replaced. */
export function damaged(random: Random, text: string): string {
  const at = whole(random, 0, text.length - 1);
  const instead = one(random, ['', (text[at] ?? '').repeat(2), noise(random, 1, true), '/', '%', '?', '\\']);
  return text.slice(0, at) + instead + text.slice(at + 1);
}
