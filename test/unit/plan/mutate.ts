import { type Random, seededRandom } from '../../../harness/core/random.ts';

const CHARACTERS = Array.from(':-#{}[]"\'|>&*!%@`,?\\ \t~=\u00a0\u200b\u2028é漢🦑\ufeff\u0007');
const VALUES = [
  '1e400', '-1', '0', '999999999999999999999', '0.1', '12', 'null', '~', 'true', '[]', '{}', '[1, 2]', '{ a: b }', '""',
  '"30s"', "'278/s'", '!!binary aGk=', '2026-06-06', '.inf', '.nan', '0x1F', '1_000', '*a', '&a x', '<<', 'no', '5 s', '5d', '99999h',
]; // prettier-ignore
const WORDS = [
  'title',
  'service',
  'kill',
  'latency',
  'errors',
  'during',
  'fault',
  'baseline',
  '__proto__',
  'constructor',
  'p95',
  'of',
];

type Mutation = (lines: string[], random: Random) => void;

const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)] as T;

/** Replaces one part of a random line: a part that the pattern finds. */
const inLine =
  (pattern: RegExp, by: (found: string, random: Random) => string): Mutation =>
  (lines, random) => {
    const at = below(random, lines.length);
    const line = lines[at] ?? '';
    const found = [...line.matchAll(pattern)];
    if (found.length === 0) return;
    const { index, 0: text } = pick(random, found);
    lines[at] = line.slice(0, index) + by(text, random) + line.slice(index + text.length);
  };

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'delete a line': (lines, random) => void lines.splice(below(random, lines.length), 1),
  'write a line twice': (lines, random) => {
    const at = below(random, lines.length);
    lines.splice(at, 0, lines[at] ?? '');
  },
  'swap two lines': (lines, random) => {
    const [a, b] = [below(random, lines.length), below(random, lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  },
  'change the indent': (lines, random) => {
    const at = below(random, lines.length);
    lines[at] = ' '.repeat(below(random, 8)) + (lines[at] ?? '').trimStart();
  },
  'change a character': inLine(/./gu, (_, random) => pick(random, CHARACTERS)),
  'leave a character out': inLine(/./gu, () => ''),
  'put a character in': inLine(/./gu, (found, random) => found + pick(random, CHARACTERS)),
  'change a value': inLine(/(?<=: )[\w./%]+/g, (_, random) => pick(random, VALUES)),
  'change a number': inLine(/\d+/g, (_, random) => pick(random, ['0', '1', '7', '100', '99999999', '4294967296'])),
  'change a word': inLine(/[a-z]\w+/g, (_, random) => pick(random, WORDS)),
  'double a word': inLine(/\w+/g, (found) => found.repeat(100)),
  'cut the end off': (lines, random) => void lines.splice(below(random, lines.length)),
  'cut a line': (lines, random) => {
    const at = below(random, lines.length);
    lines[at] = (lines[at] ?? '').slice(0, below(random, (lines[at] ?? '').length + 1));
  },
};

export interface Mutant {
  readonly text: string;
  /** The names of the mutations in this text, for the message of a failed assertion. */
  readonly how: string;
}

/** Returns the mutant with this number: one of the texts with one to three changes. Same number, same mutant. */
export function mutant(number: number, texts: readonly string[]): Mutant {
  const random = seededRandom(number);
  const lines = pick(random, texts).split('\n');
  const names = Array.from({ length: 1 + below(random, 3) }, () => pick(random, Object.keys(MUTATIONS)));
  for (const name of names) MUTATIONS[name]?.(lines, random);
  return { text: lines.join('\n'), how: names.join(', ') };
}
