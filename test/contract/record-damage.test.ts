import { expect } from 'chai';
import { describe, it } from 'mocha';
import { rmSync } from 'node:fs';
import { ChaosError } from '../../harness/core/errors.ts';
import { RECORD_VERSION } from '../../harness/core/record/version.ts';
import { type Random, seededRandom } from '../../harness/core/random.ts';
import { judgeFolder } from '../../harness/judge/folder.ts';
import { keptRecords, unpacked } from '../helpers/kept-records.ts';
import { known } from '../helpers/known.ts';

type Files = ReadonlyMap<string, Uint8Array>;

const DAMAGES = 120;
const EVENTS = 'events.ndjson';
const SEAL = 'seal.json';

const below = (random: Random, n: number): number => Math.floor(random() * n);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;
const contentOf = (files: Files, name: string): Buffer => Buffer.from(files.get(name) ?? []);
const replaced = (files: Files, name: string, bytes: Uint8Array): Files => new Map([...files, [name, bytes]]);

/** Changes the lines of a file of JSON lines. */
const lines =
  (change: (lines: string[], random: Random) => void) =>
  (files: Files, name: string, random: Random): Files => {
    const all = contentOf(files, name).toString().split('\n').slice(0, -1);
    change(all, random);
    return replaced(files, name, Buffer.from(all.map((line) => `${line}\n`).join('')));
  };

/** Changes bytes of a file. */
const bytes =
  (change: (bytes: Buffer, random: Random) => Uint8Array) =>
  (files: Files, name: string, random: Random): Files =>
    replaced(files, name, change(contentOf(files, name), random));

/** A way to damage a file. */
type Damage = (files: Files, name: string, random: Random) => Files;

const ANY_FILE: Readonly<Record<string, Damage>> = {
  'is gone': (files, name) => new Map([...files].filter(([path]) => path !== name)),
  'is 13 bytes short': bytes((all) => all.subarray(0, -13)),
  'ends early': bytes((all, random) => all.subarray(0, below(random, all.length))),
  'is empty': bytes(() => Buffer.alloc(0)),
  'has one byte changed': bytes((all, random) => {
    const at = below(random, all.length);
    all[at] = (all[at] ?? 0) ^ (1 + below(random, 255));
    return all;
  }),
  'lacks a range': bytes((all, random) => {
    const from = below(random, all.length - 1);
    const until = from + 1 + below(random, all.length - from);
    return Buffer.concat([all.subarray(0, from), all.subarray(until)]);
  }),
  'has zeros in a range': bytes((all, random) => {
    const from = below(random, all.length - 1);
    return all.fill(0, from, from + 1 + below(random, all.length - from));
  }),
};

const LINES: Readonly<Record<string, Damage>> = {
  'has a line of garbage more (case V5)': lines((all, random) => {
    all.splice(below(random, all.length), 0, '{"kind":"note","t":17');
  }),
  'has garbage in the place of a line': lines((all, random) => {
    all[below(random, all.length)] = '#!@';
  }),
  'lacks a line': lines((all, random) => {
    all.splice(below(random, all.length), 1);
  }),
  'has a line twice': lines((all, random) => {
    const at = below(random, all.length);
    all.splice(at, 0, all[at]!);
  }),
  'has two lines swapped': lines((all, random) => {
    const at = 1 + below(random, all.length - 1);
    [all[at - 1], all[at]] = [all[at]!, all[at - 1]!];
  }),
  'has a number changed': lines((all, random) => {
    const at = below(random, all.length);
    all[at] = all[at]!.replace(/\d/, (digit) => String((Number(digit) + 1 + below(random, 9)) % 10));
  }),
  'has a sound line more': lines((all) => {
    all.push('{"kind":"note","t":1,"message":"later"}');
  }),
};

const ways = (file: string): [string, Damage][] =>
  Object.entries(file.endsWith('.ndjson') ? { ...ANY_FILE, ...LINES } : ANY_FILE);

const isSame = (a: Files, b: Files): boolean =>
  a.size === b.size && [...a].every(([name, content]) => contentOf(b, name).equals(content) && b.has(name));

/** Judges a record, and returns the verdict or the error. */
function judged(files: Files): string | ChaosError {
  const dir = unpacked(files);
  try {
    return judgeFolder(dir, known).document.verdict;
  } catch (error) {
    if (error instanceof ChaosError) return error;
    throw error;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe('a damaged record', function () {
  // A hang guard.
  this.timeout(120_000);
  const kept = keptRecords().filter(({ version }) => version === RECORD_VERSION);

  it('is tried with the records of three experiments, which pass as they were made', () => {
    expect(kept).to.have.length.of.at.least(3);
    for (const { name, files } of kept) expect(judged(files), name).to.equal('PASS');
  });

  for (const { name, files } of kept) {
    it(`of ${name} is refused by name in each of ${DAMAGES} ways, and never a PASS (case V5)`, () => {
      const random = seededRandom(name.length + DAMAGES);
      let tried = 0;
      while (tried < DAMAGES) {
        const file = pick(random, [...files.keys()]);
        const [way, damage] = pick(random, ways(file));
        const broken = damage(files, file, random);
        if (isSame(files, broken)) continue;
        tried += 1;
        const what = `${file} ${way}`;
        const said = judged(broken);
        if (file === SEAL && !broken.has(SEAL)) {
          expect(said, what).to.equal('INTERRUPTED');
          continue;
        }
        expect(said, what).to.be.instanceOf(ChaosError);
        const { code, exit, message, facts } = said as ChaosError;
        expect({ code, exit }, what).to.deep.equal({ code: 'CHAOS_RECORD_DAMAGED', exit: 'inconclusive' });
        expect(message, what).to.include(file);
        if (file !== SEAL && broken.has(file)) expect(facts, what).to.have.property('byte');
      }
    });
  }

  it('is refused with the line that cannot be read (case V5)', () => {
    const [{ files } = kept[0]!] = kept;
    const all = contentOf(files, EVENTS).toString().split('\n');
    all[199] = '?';
    const said = judged(replaced(files, EVENTS, Buffer.from(all.join('\n')))) as ChaosError;
    expect(said).to.include({ code: 'CHAOS_RECORD_DAMAGED', line: 200 });
    expect(said.message).to.match(/events\.ndjson has \d+ bytes and had \d+ .* line 200 cannot be read/);
  });
});
