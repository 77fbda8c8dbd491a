import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { Places } from '../../harness/session/places.ts';
import { openStore } from '../../harness/store/index.ts';
import { SPEC } from '../helpers/doubles/topology.ts';
import { temporaryFolder } from '../helpers/samples/folder.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { type CommandLine, commandLine } from './world.ts';

const DAY_MS = 86_400_000;
const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };

describe('chaos prune', function () {
  // A hang guard: the embedded results database takes some seconds to begin.
  this.timeout(60_000);
  let cli: CommandLine;
  let reports: string;
  const folders = (): string[] =>
    readdirSync(reports)
      .filter((name) => !name.startsWith('.results') && name !== 'summaries.ndjson')
      .toSorted();

  function record(
    name: string,
    daysAgo: number,
    more: Readonly<Record<string, unknown>> = {},
    file = 'run.json',
  ): void {
    const dir = join(reports, name);
    mkdirSync(join(dir, 'samples'), { recursive: true });
    const started = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
    const header = {
      run: name,
      title: 't',
      started,
      verdict: 'PASS',
      experiment: 'redis-loss',
      restored: true,
      ...more,
    };
    writeFileSync(join(dir, file), JSON.stringify(header));
    writeFileSync(join(dir, 'samples', 'requests.bin'), Buffer.alloc(2 * 1_048_576));
  }

  beforeEach(() => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    record('1-old', 200);
    record('2-measured', 199);
    record('3-left', 198);
    record('4-noise', 150, { runs: ['2-measured'], verdict: 'MEASURED' }, 'noise.json');
    record('5-new', 1);
    mkdirSync(join(reports, '6-odd'));
    writeFileSync(join(reports, '6-odd', 'run.json'), '{');
  });

  it('lists what would go, with sizes and reasons, and removes nothing without --yes', async () => {
    const before = folders();
    const { code, stdout, stderr } = await cli.run('prune', '--older-than', '90d');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal(
      [
        'stays  2-measured is needed by 4-noise',
        'stays  4-noise is the newest of its experiment',
        'goes   1-old is 200 days old, 2.0 MiB',
        'goes   3-left is 198 days old, 2.0 MiB',
        '2 would go, 4.0 MiB: the same command with --yes removes them\n',
      ].join('\n'),
    );
    expect(stderr).to.match(/^warning: \S+6-odd is passed over: run.json cannot be read/);
    expect(folders()).to.deep.equal(before);
  });

  it('removes what it lists with --yes, with the rows, and what a crash of an earlier call has left', async () => {
    const open = () =>
      openStore({
        reports,
        url: undefined,
        underTest: undefined,
        redact: (text) => text,
        warn: (message) => expect.fail(message),
      });
    {
      await using store = await open();
      for (const run of ['1-old', '5-new']) await store.save(sampleRun({ run, seconds: SHORT }));
    }
    mkdirSync(join(reports, '.prune', '0-half'), { recursive: true });
    const { code, stdout, stderr } = await cli.run('prune', '--older-than', '90d', '--yes', '--json');
    expect(code, stderr).to.equal(0);
    const document = JSON.parse(stdout) as { removed: boolean; goes: { run: string; bytes: number }[] };
    expect(document.removed).to.equal(true);
    expect(document.goes.map(({ run }) => run)).to.deep.equal(['1-old', '3-left']);
    expect(document.goes[0]?.bytes).to.be.within(2 * 1_048_576, 2 * 1_048_576 + 1_000);
    expect(folders()).to.deep.equal(['2-measured', '4-noise', '5-new', '6-odd']);
    await using store = await open();
    expect((await store.runs()).map(({ run }) => run)).to.deep.equal(['5-new']);
  });

  it('removes no run with notes in the state of the user, whose way back may not be done', async () => {
    const state = temporaryFolder();
    new Places(join(state, 'an engine', 'shop')).notes.begin({ run: '3-left', topology: SPEC, env: {} });
    const { stdout } = await commandLine({ CHAOS_STATE: state }, cli.root).run('prune', '--older-than', '90d');
    expect(stdout).to.include('stays  3-left has undo steps that are not done: `chaos heal`');
  });

  it('removes nothing when the results database does not answer', async () => {
    const away = commandLine({ CHAOS_RESULTS_URL: 'postgres://u:kiwi7Zq@127.0.0.1:1/results' }, cli.root);
    const before = folders();
    const { code, stderr } = await away.run('prune', '--older-than', '90d', '--yes');
    expect(code).to.equal(3);
    expect(stderr).to.include('CHAOS_STORE_UNREACHABLE').and.not.include('kiwi7Zq');
    expect(folders()).to.deep.equal(before);
    expect(existsSync(join(reports, '.prune'))).to.equal(false);
  });

  it('asks for an age, and refuses what is none', async () => {
    expect((await cli.run('prune', '--yes')).code).to.equal(2);
    for (const args of [
      ['--older-than', '90'],
      ['--older-than', '1d', '--keep', '0'],
    ]) {
      const { code, stderr } = await cli.run('prune', ...args, '--yes');
      expect(code, args.join(' ')).to.equal(2);
      expect(stderr).to.include('CHAOS_USAGE');
    }
  });
});
