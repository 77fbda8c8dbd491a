import { expect } from 'chai';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { read, SOUND, told, written } from './read.ts';

const KIB = 1_024;

/** Nine levels of ten aliases each: a billion values when they are written out. */
const bomb = (): string =>
  Array.from({ length: 9 }, (_, i) => {
    const name = 'abcdefghi'[i] ?? '';
    const before = 'abcdefghi'[i - 1];
    return `${name}: &${name} [${Array(10)
      .fill(before === undefined ? 'x' : `*${before}`)
      .join(', ')}]`;
  }).join('\n');

/** What is wrong, the text of the file, and the first problem that is reported. */
const TABLE: readonly (readonly [what: string, text: () => string | Uint8Array, first: string])[] = [
  ['a bomb of nine levels of aliases', bomb, 'experiment.yaml:1:1 CHAOS_YAML_ALIASES'],
  [
    'a small bomb of aliases',
    () => 'a: &a [1,2,3,4,5,6,7,8,9]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n',
    'experiment.yaml:2:8 CHAOS_YAML_ALIASES',
  ],
  ['an alias of itself', () => 'a: &a [*a]\n', 'experiment.yaml:1:8 CHAOS_YAML_ALIASES'],
  ['10 MB of text', () => 'x'.repeat(10 * KIB * KIB), 'experiment.yaml CHAOS_FILE_TOO_LARGE'],
  [
    '20,000 unknown keys, just under the size limit',
    () => SOUND + Array.from({ length: 20_000 }, (_, i) => `key${i}: 1`).join('\n'),
    'experiment.yaml:11:1 CHAOS_UNKNOWN_KEY',
  ],
  ['one key of 128 KiB', () => `${'k'.repeat(128 * KIB)}: 1\n`, 'experiment.yaml:1:1 CHAOS_YAML_SYNTAX'],
  [
    '500 levels of indentation',
    () => Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    'experiment.yaml:62:62 CHAOS_YAML_SYNTAX',
  ],
  [
    'bytes of a program',
    () => Uint8Array.from({ length: 4_096 }, (_, i) => (i * 197) % 256),
    'experiment.yaml CHAOS_FILE_NOT_UTF8',
  ],
  ['a NUL character', () => SOUND.replace('Redis', 'Re\0dis'), 'experiment.yaml CHAOS_FILE_NOT_UTF8'],
  ['an empty file', () => '', 'experiment.yaml:1:1 CHAOS_FILE_EMPTY'],
  ['blank lines', () => '\n\n  \n', 'experiment.yaml:1:1 CHAOS_FILE_EMPTY'],
  ['a null in place of a map', () => '~\n', 'experiment.yaml:1:1 CHAOS_FILE_EMPTY'],
  ['a text in place of a map', () => 'hello\n', 'experiment.yaml:1:1 CHAOS_WRONG_TYPE'],
  ['a number in place of a map', () => '42\n', 'experiment.yaml:1:1 CHAOS_WRONG_TYPE'],
  ['a shell script', () => '#!/bin/sh\necho hello\n', 'experiment.yaml:2:1 CHAOS_WRONG_TYPE'],
  [
    'a JSON file of another program',
    () => '{"name": "chaos", "version": "1"}',
    'experiment.yaml:1:1 CHAOS_MISSING_KEY',
  ],
  ['a title twice', () => `${SOUND}title: Another\n`, 'experiment.yaml:11:1 CHAOS_YAML_DUPLICATE_KEY'],
  [
    'a service twice',
    () => SOUND.replace('{ service: redis }', '{ service: redis, service: app }'),
    'experiment.yaml:8:29 CHAOS_YAML_DUPLICATE_KEY',
  ],
  ['a tab', () => SOUND.replace('  - kill', '\t- kill'), 'experiment.yaml:8:1 CHAOS_YAML_TAB'],
  ['a quote that is not closed', () => SOUND.replace('title: ', "title: '"), 'experiment.yaml:1:8 CHAOS_YAML_SYNTAX'],
  [
    'a merge key',
    () => SOUND.replace('kill: { ', 'kill: { <<: { replica: 1 }, '),
    'experiment.yaml:8:13 CHAOS_UNKNOWN_KEY',
  ],
  ['the prototype as a key', () => `${SOUND}__proto__: { seed: 1 }\n`, 'experiment.yaml:11:1 CHAOS_UNKNOWN_KEY'],
  [
    'a phase of 1,000 hours',
    () => SOUND.replace('fault: 30s', 'fault: 1000h'),
    'experiment.yaml:6:33 CHAOS_WRONG_VALUE',
  ],
  [
    'a phase of infinite length',
    () => SOUND.replace('fault: 30s', `fault: ${'9'.repeat(400)}h`),
    'experiment.yaml:6:33 CHAOS_WRONG_VALUE',
  ],
  ['a negative phase', () => SOUND.replace('fault: 30s', 'fault: -30s'), 'experiment.yaml:6:33 CHAOS_WRONG_UNIT'],
  [
    'a fault for no time at all',
    () => SOUND.replace('service: redis', 'service: redis, for: 0s'),
    'experiment.yaml:8:34 CHAOS_WRONG_VALUE',
  ],
  [
    'a delay of nothing',
    () => SOUND.replace('kill: { service: redis }', 'latency: { link: app-to-redis, latency: 0ms }'),
    'experiment.yaml:8:45 CHAOS_WRONG_VALUE',
  ],
  ['a rate beyond one process', () => SOUND.replace('278/s', '50001/s'), 'experiment.yaml:4:9 CHAOS_WRONG_VALUE'],
  ['a seed that is no whole number', () => `${SOUND}seed: 1.5\n`, 'experiment.yaml:11:7 CHAOS_WRONG_TYPE'],
  ['a seed beyond 32 bits', () => `${SOUND}seed: 4294967296\n`, 'experiment.yaml:11:7 CHAOS_WRONG_VALUE'],
  [
    'a replica number of zero',
    () => SOUND.replace('redis }', 'redis, replica: 0 }'),
    'experiment.yaml:8:38 CHAOS_WRONG_VALUE',
  ],
  [
    'a role that nobody has',
    () => SOUND.replace('redis }', 'postgres, role: leader }'),
    'experiment.yaml:8:38 CHAOS_WRONG_VALUE',
  ],
  [
    'no faults and no controllers',
    () => SOUND.replace(/faults:[^]*(?=hypo)/, 'faults: []\n'),
    'experiment.yaml:7:9 CHAOS_WRONG_VALUE',
  ],
  [
    'no hypotheses',
    () => SOUND.replace(/hypotheses:[^]*/, 'hypotheses: []\n'),
    'experiment.yaml:9:13 CHAOS_WRONG_VALUE',
  ],
];

describe('a generated experiment', function () {
  // This only guards against a hang: the slowest of these takes some tenths of a second.
  this.timeout(20_000);

  for (const [what, text, first] of TABLE) {
    it(`is refused: ${what}`, () => {
      const file = written(text());
      const { plan, problems } = read(file);
      expect(plan).to.equal(undefined);
      expect(problems[0] === undefined ? 'nothing' : told(problems[0])).to.equal(first);
      expect(problems).to.have.lengthOf.at.most(20);
      for (const { hint, message, file: named } of problems) {
        expect(hint).to.match(/^[A-Z].*[.?]$/s);
        expect(message.length, message.slice(0, 100)).to.be.below(300);
        expect(named).to.equal(file);
      }
    });
  }

  it('is refused when it is a folder', () => {
    const dir = mkdtempSync(join(tmpdir(), 'plan-'));
    mkdirSync(join(dir, 'x.yaml'));
    expect(read(join(dir, 'x.yaml')).problems.map(told)).to.deep.equal(['x.yaml CHAOS_FILE_IS_DIRECTORY']);
  });

  it('is refused when it is a missing file, a path through a file, or a device', () => {
    expect(read('/nowhere/x.yaml').problems.map(told)).to.deep.equal(['x.yaml CHAOS_FILE_MISSING']);
    expect(read(join(written(SOUND), 'x.yaml')).problems.map(told)).to.deep.equal(['x.yaml CHAOS_FILE_MISSING']);
    expect(read('/dev/zero').problems.map(told)).to.deep.equal(['zero CHAOS_FILE_UNREADABLE']);
  });

  it('is refused when it has 100,000 opening brackets, wherever the parser gives up', () => {
    const { problems } = read(written('['.repeat(100_000)));
    expect(problems).to.have.lengthOf.within(1, 5);
    expect(problems.every(({ code, line }) => code === 'CHAOS_YAML_SYNTAX' && line === 1)).to.equal(true);
  });

  it('is accepted when it is the sound experiment from which the others are made', () => {
    expect(read(written(SOUND)).problems).to.deep.equal([]);
  });
});
