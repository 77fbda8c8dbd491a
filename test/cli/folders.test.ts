import { expect } from 'chai';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { newFolder } from '../../harness/record/folders.ts';
import { redact } from '../../harness/core/text/redact.ts';
import { recordSample } from '../helpers/record-run.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { type CommandLine, commandLine } from './world.ts';

const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };
const GOOD = '20261124T043000Z-redis-loss-3f9a';
const NEWER = '20261124T053000Z-redis-loss-77aa';

/** Each makes a folder that looks like a run and is none. */
const BAD: Readonly<Record<string, (dir: string) => void>> = {
  'a run.json cut short': (dir) => writeFileSync(join(dir, 'run.json'), '{"run":"20261124T06'),
  'an empty run.json': (dir) => writeFileSync(join(dir, 'run.json'), ''),
  'a run.json that is a folder': (dir) => mkdirSync(join(dir, 'run.json')),
  'a run.json of another kind': (dir) => writeFileSync(join(dir, 'run.json'), '[1, 2]'),
  'a run.json that is null': (dir) => writeFileSync(join(dir, 'run.json'), 'null'),
  'a run.json whose title is a number': (dir) =>
    writeFileSync(join(dir, 'run.json'), '{"run":"x","title":7,"started":"2026-11-24T04:30:00Z"}'),
  'a load.json cut short': (dir) => writeFileSync(join(dir, 'load.json'), '{'),
};

describe('a folder of reports in which one folder is bad (case C1)', function () {
  // A hang guard: the embedded results database takes some seconds to begin.
  this.timeout(120_000);
  let cli: CommandLine;
  let reports: string;
  beforeEach(() => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    for (const run of [GOOD, NEWER]) recordSample(reports, sampleRun({ run, seconds: SHORT }), redact);
    writeFileSync(join(reports, 'no folder'), '');
  });

  /** Makes a bad folder, which would be the newest. */
  function spoil(make: (dir: string) => void, name = '20261124T063000Z-redis-loss-bad0'): string {
    const dir = join(reports, name);
    mkdirSync(dir);
    make(dir);
    return dir;
  }

  for (const [name, make] of Object.entries(BAD)) {
    it(`names ${name} and lists, judges and compares the others`, async () => {
      const bad = spoil(make);
      const listed = await cli.run('list', '--json');
      expect(listed.code, listed.stderr).to.equal(0);
      const { runs, unreadable } = listed.json() as { runs: { run: string }[]; unreadable: { dir: string }[] };
      expect(runs.map(({ run }) => run)).to.deep.equal([NEWER, GOOD]);
      expect(unreadable.map(({ dir }) => dir)).to.deep.equal([bad]);
      expect(listed.stderr).to.include(bad);
      const judged = await cli.run('judge', 'latest', '--json');
      expect(judged.json()).to.include({ run: NEWER });
      expect(judged.stderr).to.include(bad);
      const compared = await cli.run('compare', GOOD, 'latest', '--json');
      expect(compared.json(), compared.stderr).to.deep.include({ a: [GOOD], b: [NEWER] });
    });
  }
});

describe('a short name of a run (case C12)', () => {
  it('that fits several runs is refused, with the runs that it fits; a whole name is not', async () => {
    const cli = commandLine();
    const reports = join(cli.root, 'reports');
    const names = ['20261124T043000Z-a-3f9c', '20261124T053000Z-b-77ac', '20261124T063000Z-b-0001'];
    for (const run of names) recordSample(reports, sampleRun({ run, seconds: SHORT }), redact);
    for (const args of [
      ['judge', 'c'],
      ['report', 'c'],
      ['compare', 'c', 'latest'],
      ['heal', 'c'],
    ]) {
      const said = await cli.run(...args);
      expect(said.code, args.join(' ')).to.equal(2);
      expect(said.stderr).to.include('CHAOS_AMBIGUOUS_RUN').and.include(names[0]).and.include(names[1]);
      expect(said.stderr).not.to.include(names[2]);
    }
    expect((await cli.run('judge', '9c', '--json')).json()).to.include({ run: names[0] });
    // One whole name may be the end of another.
    cpSync(join(reports, names[0] ?? ''), join(reports, '3f9c'), { recursive: true });
    expect((await cli.run('judge', '3f9c', '--json')).json()).to.include({ run: names[0] });
  });
});

describe('reports that cannot be written (case C3)', () => {
  it('have a code of ours when they are a file', async () => {
    const cli = commandLine();
    const file = join(cli.root, 'a file');
    writeFileSync(file, '');
    for (const reports of [file, join(file, 'below')]) {
      for (const args of [
        ['load', '--url', 'http://127.0.0.1:9/', '--rate', '1/s', '--for', '1s', '--reports', reports],
        ...(reports === file ? [['list', '--reports', reports]] : []),
      ]) {
        const said = await cli.run(...args);
        expect(said.stderr, args.join(' ')).to.include('CHAOS_NOT_WRITABLE');
        expect(said.code, said.stderr).to.equal(3);
      }
    }
  });

  it('have a code of ours when this user may not write them', function () {
    // Root may write everywhere. So this process gives up its rights for the moment of the test.
    const { geteuid, seteuid } = process;
    const reports = join(commandLine().root, 'reports');
    mkdirSync(reports);
    chmodSync(reports, 0o555);
    const isRoot = geteuid?.() === 0;
    if (isRoot) seteuid?.(65_534);
    try {
      expect(() => newFolder(reports, 'redis-loss'))
        .to.throw()
        .that.includes({ code: 'CHAOS_NOT_WRITABLE', exit: 'not-ready' });
    } finally {
      if (isRoot) seteuid?.(0);
    }
  });
});

describe('control characters (case C13)', () => {
  const ESC = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u007f';
  // oxlint-disable-next-line no-control-regex -- this test is about control characters
  const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u;

  it('in a title are visible and harmless in everything that a command prints', async () => {
    const cli = commandLine();
    const reports = join(cli.root, 'reports');
    const run = sampleRun({ run: GOOD, seconds: SHORT });
    const title = `hello ${ESC} there`;
    recordSample(
      reports,
      { document: { ...run.document, title }, history: { ...run.history, plan: { ...run.history.plan, title } } },
      redact,
    );
    const experiment = join(cli.root, 'odd.yaml');
    writeFileSync(experiment, `title: ${JSON.stringify(title)}\n\u001bkey: 1\n"k\\ey\\u001b": 2\n`);
    for (const args of [
      ['list'],
      ['list', '--json'],
      ['judge', 'latest'],
      ['judge', 'latest', '--json'],
      ['judge', ESC],
      ['validate', experiment],
      ['validate', experiment, '--json'],
      ['plan', experiment],
      [ESC],
      ['list', `--${ESC}`],
    ]) {
      const said = await cli.run(...args);
      expect(said.stdout, args.join(' ')).not.to.match(RAW);
      expect(said.stderr, args.join(' ')).not.to.match(RAW);
    }
    expect((await cli.run('list')).stdout).to.include('hello ␛]0;owned␇␛[2J');
    const { runs } = (await cli.run('list', '--json')).json() as { runs: { title: string }[] };
    expect(runs[0]?.title).to.equal(title);
  });
});
