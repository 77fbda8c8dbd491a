import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { type CommandLine, commandLine } from './world.ts';

describe('chaos suite with actions of game days', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(60_000);
  let cli: CommandLine;
  let folder: string;
  let reports: string;

  beforeEach(() => {
    cli = commandLine(process.env);
    folder = mkdtempSync(join(tmpdir(), 'actions-'));
    reports = join(folder, 'reports');
    const experiment = readFileSync(join(ROOT, 'experiments', 'redis-loss.yaml'), 'utf8').replace(
      'topology: ..',
      `topology: ${ROOT}`,
    );
    writeFileSync(join(folder, 'redis-loss.yaml'), experiment);
    cpSync(join(ROOT, 'experiments', 'workloads'), join(folder, 'workloads'), { recursive: true });
    mkdirSync(join(folder, 'suites'));
    writeFileSync(join(folder, 'suites', 'night.yaml'), 'title: Actions\nexperiments:\n  - actions: due\n');
  });

  function held(...actions: readonly object[]): void {
    const dir = join(reports, '20261101T090000Z-gameday-first-time-3f9a');
    mkdirSync(dir, { recursive: true });
    const times = { started: '2026-11-01T09:00:00.000Z', ended: '2026-11-01T10:00:00.000Z' };
    const document = {
      run: '20261101T090000Z-gameday-first-time-3f9a',
      title: 'First',
      verdict: 'PASS',
      ...times,
      actions,
    };
    writeFileSync(join(dir, 'gameday.json'), JSON.stringify(document));
  }
  const action = {
    action: 'action-1',
    what: 'an alert on the queue',
    owner: 'Ben',
    due: '2026-11-14',
    experiment: 'redis-loss',
  };
  const plan = () => cli.run('suite', join(folder, 'suites', 'night.yaml'), '--plan', '--reports', reports);

  it('runs the experiment of an action that is due, and says which action it shows', async () => {
    held(action);
    const { code, stdout, stderr } = await plan();
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(
      /redis-loss \(.*; shows whether it is done: an alert on the queue \(Ben, due 2026-11-14\)\)/,
    );
  });

  it('runs nothing for an action that is not due, and names an experiment that does not exist', async () => {
    held({ ...action, due: '2999-01-01' }, { ...action, experiment: 'redis-los' });
    const { code, stdout, stderr } = await plan();
    expect(code).to.equal(0);
    expect(stdout).to.include('0 experiments');
    expect(stderr).to.include('there is no experiment redis-los').and.to.include('an alert on the queue (Ben)');
  });

  it('refuses an entry with actions and something else', async () => {
    writeFileSync(
      join(folder, 'suites', 'night.yaml'),
      'title: Actions\nexperiments:\n  - { actions: due, tag: nightly }\n',
    );
    const { code, stderr } = await plan();
    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/night\.yaml:3:\d+/)
      .and.to.include('or actions');
  });
});
