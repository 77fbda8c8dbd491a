import { defineConfig, type OxlintOverride } from 'oxlint';

/** Packages that talk to other systems or read a format. Each may be imported only where this file allows it. */
const DRIVERS = ['dockerode', 'autocannon', 'pg', 'ioredis', 'yaml', 'pino', '@prometheus-io/lezer-promql'] as const;

/** A room of harness/: the rooms and drivers that it may import, and what to do instead of another import. */
interface Room {
  readonly may: readonly string[];
  readonly drivers?: readonly (typeof DRIVERS)[number][];
  readonly instead: string;
}

const CATALOGUE: Room = {
  may: ['core', 'kit'],
  instead:
    'Faults, checks, series, probes and steps import kit/ and core/ only. All else comes in through the interfaces of core/.',
};
const ADAPTER = 'Adapters never import each other. main.ts puts them together.';

/** The rooms in reading order, from the bottom up. A room imports only rooms above it in this list. */
const ROOMS: Readonly<Record<string, Room>> = {
  core: {
    may: [],
    instead: 'core/ imports no other room. Move the type that you need into core/.',
  },
  disk: { may: ['core'], instead: 'disk/ knows files and processes, and knows nothing about runs.' },
  protocols: {
    may: ['core'],
    instead: 'A protocol also runs alone, in a helper container: it imports types of core/ and modules of Node.',
  },
  kit: {
    may: ['core', 'protocols'],
    drivers: ['@prometheus-io/lezer-promql'],
    instead: 'The author of a fault, check or probe builds on kit/. kit/ imports core/ and protocols/ only.',
  },
  config: {
    may: ['core', 'kit'],
    instead: 'config/ reads what a user adds to the catalogues. main.ts joins it with what ships.',
  },
  roles: {
    may: ['core'],
    instead: 'A file of roles/ says how a member of a group is asked. probes/roles.ts asks.',
  },
  series: CATALOGUE,
  faults: CATALOGUE,
  checks: { ...CATALOGUE, may: ['core', 'kit', 'series'] },
  probes: { ...CATALOGUE, may: [...CATALOGUE.may, 'roles'] },
  steps: { ...CATALOGUE, may: ['core', 'kit', 'series'] },
  controllers: CATALOGUE,
  record: { may: ['core', 'disk'], instead: 'record/ writes and reads records. judge/ says what a record means.' },
  judge: { may: ['core', 'record'], instead: 'judge/ makes a verdict from a record, and talks to no other system.' },
  heal: {
    may: ['core', 'disk', 'record'],
    instead: 'A run, the guardian and `chaos heal` all use heal/. It knows none of them.',
  },
  run: {
    may: ['core', 'disk', 'record', 'judge', 'heal'],
    instead: 'Of the adapters, a run knows only the interfaces in core/. session/ hands the adapters to it.',
  },
  session: {
    may: ['core', 'disk', 'record', 'judge', 'heal', 'run'],
    instead: 'A session gets its adapters from main.ts (session/parts.ts).',
  },
  modes: {
    may: ['core', 'disk', 'record', 'judge', 'heal', 'run', 'session'],
    instead:
      'A mode is made of sessions and runs. Printing belongs to commands/ and reporters/. Adapters come from main.ts.',
  },
  plan: {
    may: ['core', 'protocols', 'kit', 'roles'],
    drivers: ['yaml'],
    instead: 'A plan is plain data. Faults, checks and the output of Compose come in as values.',
  },
  load: {
    may: ['core'],
    drivers: ['autocannon'],
    instead: 'The load imports core/ only. Drivers of the topology live in control/.',
  },
  control: {
    may: ['core', 'disk', 'protocols', 'kit', 'roles'],
    drivers: ['dockerode', 'pg', 'ioredis'],
    instead:
      'control/ imports core/, disk/, protocols/ and roles/, and the acts of kit/, because the audit knows their undo.',
  },
  store: { may: ['core', 'disk'], drivers: ['pg'], instead: ADAPTER },
  reporters: { may: ['core', 'kit', 'series'], instead: ADAPTER },
  library: {
    may: ['core', 'kit', 'reporters'],
    instead: 'library/ is what index.ts exports beside the session. index.ts puts it together.',
  },
  out: {
    may: ['core', 'disk'],
    instead: 'out/ tells others about runs. A session hands it the events, and main.ts puts it together.',
  },
  setup: { may: ['core', 'disk'], instead: 'setup/ makes a machine ready. It knows nothing about runs.' },
  commands: {
    may: ['core', 'disk', 'kit', 'record', 'judge', 'heal', 'run', 'session', 'modes', 'plan', 'reporters', 'setup'],
    instead: 'A command turns its arguments into one call and prints the result. Adapters come from main.ts.',
  },
};

/** Only these rooms may import main.ts (the composition root), log.ts, cli.ts and guardian.ts. */
const ABOVE_MAIN = ['commands'];

const driversBut = (allowed: readonly string[]): string[] => DRIVERS.filter((driver) => !allowed.includes(driver));

/** The fences of the rooms: one for the files of a room, and one for the files of its subfolders. */
const fences = Object.entries(ROOMS).flatMap(([name, { may, drivers = [], instead }]) => {
  const closed = Object.keys(ROOMS).filter((other) => other !== name && !may.includes(other));
  const above = ABOVE_MAIN.includes(name) ? [] : ['main.ts', 'log.ts', 'cli.ts', 'guardian.ts'];
  const fence = (files: string, up: string): OxlintOverride => ({
    files: [files],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: driversBut(drivers),
          patterns: [
            {
              group: [...closed.map((other) => `${up}${other}/**`), ...above.map((file) => up + file)],
              message: instead,
            },
          ],
        },
      ],
    },
  });
  return [fence(`harness/${name}/*.ts`, '../'), fence(`harness/${name}/*/**`, '../../')];
});

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    // A promise that is returned within `using` is still at work when what it uses is given back.
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'no-console': 'error',
    'no-unsafe-finally': 'error',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-unassigned-import': 'off',
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'typescript/consistent-return': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
  },
  ignorePatterns: ['node_modules', 'dist', 'reports', 'topology/app/node_modules'],
  overrides: [
    ...fences,
    {
      files: ['index.ts', 'harness/*.ts'],
      rules: { 'no-restricted-imports': ['error', { paths: driversBut(['pino']) }] },
    },
    { files: ['harness/**'], rules: { 'import/no-relative-parent-imports': 'off' } },
    {
      files: ['topology/**'],
      rules: {
        'no-console': 'off',
        'no-restricted-imports': [
          'error',
          {
            patterns: [{ group: ['**/harness/**'], message: 'The system under test knows nothing about the harness.' }],
          },
        ],
      },
    },
    { files: ['test/**'], rules: { 'typescript/no-non-null-assertion': 'off' } },
  ],
});
