import { expect } from 'chai';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'mocha';
import type { Problem } from '../../../../harness/core/plan/problem.ts';
import { renderProblems } from '../../../../harness/plan/index.ts';
import { block, folderOf, read } from './read.ts';

const SOUND = `${block()}services:\n  app: { image: a }\n`;

/** A problem as "compose.yml:2:10 CHAOS_COMPOSE_FILE". The path is relative to the folder of the first file. */
const told = (first: string, { file, line, column, code }: Problem): string =>
  `${[relative(dirname(first), file), line, column].filter((part) => part !== undefined).join(':')} ${code}`;

/** What is wrong, the files, the place and code of each mistake, and what each message matches. */
type Row = readonly [what: string, texts: Readonly<Record<string, string>>, places: readonly string[], says: RegExp];

const over = (line: string, more: Readonly<Record<string, string>> = {}) => ({
  'compose.yml': `services:\n  app: { image: a }\n${line}\n${block()}`,
  ...more,
});

const TABLE: readonly Row[] = [
  // Mistakes that Compose reports in its own words, at the place that they name.
  ['a key that Compose does not know', over('  b: { imgae: b }'), ['compose.yml:3:8 CHAOS_COMPOSE_FILE'], /imgae/],
  ['a section that Compose does not know', over('servces: {}'), ['compose.yml:3:1 CHAOS_COMPOSE_FILE'], /servces/],
  [
    'a size that is no number',
    over('  b: { image: b, mem_limit: lots }'),
    ['compose.yml:3:18 CHAOS_COMPOSE_FILE'],
    /'lots'/,
  ],
  [
    'a service without an image',
    over('  b: {}'),
    ['compose.yml:3:3 CHAOS_COMPOSE_FILE'],
    /neither an image nor a build context/,
  ],
  [
    'a dependency on a service that does not exist',
    over('  b: { image: b, depends_on: [db] }'),
    ['compose.yml:3:3 CHAOS_COMPOSE_FILE'],
    /depends on undefined service "db"/,
  ],
  [
    'a required variable that is missing, in the block',
    { 'compose.yml': `services: { app: { image: a } }\n${block({ redis: '${R:?say where}' })}` },
    ['compose.yml:7:3 CHAOS_COMPOSE_FILE'],
    /required variable R is missing a value: say where/,
  ],
  [
    'a wrong value in an included file',
    over('include: [sub/more.yml]', { 'sub/more.yml': 'services:\n  b: { image: b, scale: many }\n' }),
    ['sub/more.yml:2:18 CHAOS_COMPOSE_FILE'],
    /parsing "many"/,
  ],
  [
    'a wrong value in an extended file',
    over('  b: { extends: { file: base.yml, service: b } }', {
      'base.yml': 'services:\n  b: { image: b, cpus: some }\n',
    }),
    ['base.yml:2:18 CHAOS_COMPOSE_FILE'],
    /some/,
  ],
  [
    'an included file that does not exist',
    over('include: [none.yml]'),
    ['compose.yml CHAOS_COMPOSE_FILE'],
    /none\.yml/,
  ],
  [
    'a way to ask for roles that does not exist',
    {
      'compose.yml': `services: { app: { image: a } }\n${block({ groups: { g: ['app'] }, roles: { g: 'patronni' } })}`,
    },
    ['compose.yml:11:15 CHAOS_WRONG_VALUE'],
    /"x-chaos.roles.g" cannot be "patronni"/,
  ],
  [
    'a service that follows a group that does not exist',
    {
      'compose.yml': `services: { app: { image: a } }\n${block({ groups: { g: ['app'] }, services: { app: { follows: 'h' } } })}`,
    },
    ['compose.yml:11:31 CHAOS_UNKNOWN_SERVICE'],
    /there is no group "h" in x-chaos/,
  ],
  [
    'a service that follows its own group',
    {
      'compose.yml': `services: { app: { image: a } }\n${block({ groups: { g: ['app'] }, services: { app: { follows: 'g' } } })}`,
    },
    ['compose.yml:11:31 CHAOS_UNKNOWN_SERVICE'],
    /"app" is a member of the group "g", and follows it too/,
  ],
  [
    'roles of a group that does not exist',
    { 'compose.yml': `services: { app: { image: a } }\n${block({ groups: { g: ['app'] }, roles: { h: 'patroni' } })}` },
    ['compose.yml:11:15 CHAOS_UNKNOWN_SERVICE'],
    /there is no group "h" in x-chaos/,
  ],
  [
    'a protocol that does not exist',
    { 'compose.yml': `services: { app: { image: a } }\n${block({ services: { app: { protocol: 'mysqle' } } })}` },
    ['compose.yml:10:32 CHAOS_WRONG_VALUE'],
    /"x-chaos.services.app.protocol" cannot be "mysqle"/,
  ],
  // Mistakes that our own YAML parser reports better.
  ['a tab', over('\tb: {}'), ['compose.yml:3:1 CHAOS_YAML_TAB'], /tab/],
  ['a service twice', over('  app: { image: b }'), ['compose.yml:3:3 CHAOS_YAML_DUPLICATE_KEY'], /"app"/],
  [
    'a tab in an included file',
    over('include: [sub/more.yml]', { 'sub/more.yml': 'services:\n\tb: {}\n' }),
    ['sub/more.yml:2:1 CHAOS_YAML_TAB'],
    /tab/,
  ],
  // Files that Compose accepts and the harness refuses.
  ['a file without services', { 'compose.yml': block() }, ['compose.yml:1:1 CHAOS_TOPOLOGY_INVALID'], /no services/],
  [
    'a file without the block',
    { 'compose.yml': 'services: { app: { image: a } }' },
    ['compose.yml:1:1 CHAOS_TOPOLOGY_INVALID'],
    /no "x-chaos" block/,
  ],
  [
    'unknown keys of the block',
    { 'compose.yml': `${block({ redy: '/x', entri: 'x' })}services: { app: { image: a } }` },
    ['compose.yml:10:3 CHAOS_UNKNOWN_KEY', 'compose.yml:9:3 CHAOS_UNKNOWN_KEY'],
    /redy|entri/,
  ],
  [
    'a missing key of the block',
    { 'compose.yml': SOUND.replace(/ {2}entry: .*\n/, '') },
    ['compose.yml:1:1 CHAOS_MISSING_KEY'],
    /"x-chaos.entry" is missing/,
  ],
  [
    'links without Toxiproxy',
    {
      'compose.yml': `${block({ links: { l: { from: 'app', to: 'app', proxy: 'p', listen: 't:1' } } }).replace(/ {2}toxiproxy: .*\n/, '')}services: { app: { image: a } }`,
    },
    ['compose.yml:8:3 CHAOS_WRONG_VALUE'],
    /"x-chaos.links"/,
  ],
  [
    'a reset without a database',
    { 'compose.yml': SOUND.replace(/ {2}database: .*\n/, '') },
    ['compose.yml:6:10 CHAOS_WRONG_VALUE'],
    /"x-chaos.reset"/,
  ],
  [
    'a link to a service that does not exist',
    {
      'compose.yml': `${block({ links: { l: { from: 'app', to: 'ap', proxy: 'p', listen: 't:1' } } })}services: { app: { image: a } }`,
    },
    ['compose.yml:9:34 CHAOS_UNKNOWN_SERVICE'],
    /"ap"/,
  ],
];

describe('a mistake in a compose file', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  for (const [what, texts, places, says] of TABLE) {
    it(`is reported at its place: ${what}, ${places.join(', ')}`, () => {
      const file = folderOf(texts);
      const { topology, problems } = read([file]);
      expect(topology).to.equal(undefined);
      expect(problems.map((problem) => told(file, problem)).toSorted()).to.deep.equal(places);
      for (const { message, hint, severity } of problems) {
        expect(message).to.match(says);
        expect(hint).to.match(/^[A-Z`].*[.?]$/s);
        expect(severity).to.equal('error');
      }
    });
  }

  it('is reported in the file that has the value, when several files are merged', () => {
    const first = folderOf({ 'compose.yml': SOUND, 'over.yml': block({ ready: 'health' }) });
    const { problems } = read([first, join(dirname(first), 'over.yml')]);
    expect(problems.map((problem) => told(first, problem))).to.deep.equal(['over.yml:3:10 CHAOS_WRONG_VALUE']);
  });

  it('is reported with the text of the file, and not with the secret value of its variable', () => {
    const file = folderOf({ 'compose.yml': `${block({ redis: '${R}' })}services: { app: { image: a } }` });
    const { problems } = read([file], { R: 'host=far.example pass=kiwi7Zq' });
    expect(problems.map(({ message }) => message)).to.deep.equal(['"x-chaos.redis" is not valid: "${R}"']);
    expect(renderProblems(problems, '/')).not.to.include('kiwi7Zq');
  });

  it('is only a warning, with name and place, when a variable is not set', () => {
    const file = folderOf({
      'compose.yml': `${block({ reset: 'select ${WHAT}' })}services:\n  app: { image: "a:$TAG" }\n`,
    });
    const { topology, problems, warnings } = read([file]);
    expect(topology?.resetSql).to.equal('select ');
    expect(problems).to.deep.equal([]);
    expect(warnings.map((problem) => told(file, problem)).toSorted()).to.deep.equal([
      'compose.yml:10:17 CHAOS_COMPOSE_WARNING',
      'compose.yml:7:10 CHAOS_COMPOSE_WARNING',
    ]);
    for (const name of ['WHAT', 'TAG']) {
      const [one] = warnings.filter(({ message }) => message.includes(`"${name}"`));
      expect(one?.hint).to.include(`\${${name}:-value}`);
      expect(one?.severity).to.equal('warning');
    }
  });
});
