import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import type { Cell } from '../../harness/core/coverage/cell.ts';
import type { Plan } from '../../harness/core/plan/plan.ts';
import type { Verdict } from '../../harness/core/verdict.ts';
import { compose } from '../../harness/main.ts';
import { readExperiment } from '../../harness/plan/index.ts';
import { ROOT } from '../helpers/chaos.ts';
import { known } from '../helpers/known.ts';
import { writeCoveredRun } from '../helpers/samples/covered-folder.ts';
import { commandLine } from './world.ts';

interface Printed {
  readonly cells: readonly Cell[];
  readonly counts: Readonly<Record<string, number>>;
  readonly minutes: number;
  readonly images_compared: boolean;
  readonly planned: readonly { readonly experiment: string; readonly minutes: number; readonly written: boolean }[];
}

/** No engine answers there, so the names of images are compared. */
const ENV = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const FILES = ['redis-loss', 'app-replica-kill', 'slow-database-link'].map((name) => `experiments/${name}.yaml`);
const TOPOLOGY = ['--file', 'docker-compose.chaos.yml'];

describe('chaos coverage', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(60_000);
  const cli = commandLine(ENV);
  const reports = join(cli.root, 'reports');
  const cover = async (...args: readonly string[]): Promise<Printed> => {
    const said = await cli.run('coverage', ...FILES, ...TOPOLOGY, ...args, '--json');
    expect(said.code, said.stderr).to.equal(0);
    return said.json() as Printed;
  };
  const planOf = (name: string): Plan => {
    const file = join(ROOT, 'experiments', `${name}.yaml`);
    return readExperiment({ file, overrides: [], ...known, env: ENV, compose }).plan!;
  };
  const record = (name: string, day: number, verdict: Verdict, change: (plan: Plan) => Plan = (plan) => plan): void => {
    const started = new Date(Date.UTC(2026, 10, day, 3));
    const plan = change(planOf(name));
    writeCoveredRun(reports, { run: `2026110${day}T030000Z-${name}-0000`, verdict, started, plan });
  };
  const cellIn = ({ cells }: Printed, failure: string, component: string): Cell | undefined =>
    cells.find((cell) => cell.failure === failure && cell.component === component);

  before(() => {
    record('redis-loss', 1, 'PASS');
    record('app-replica-kill', 2, 'PASS', (plan) => ({ ...plan, phases: { ...plan.phases, fault: 1_000 } }));
    record('slow-database-link', 3, 'FAIL');
  });

  it('prints each cell with its state, run, date and reason', async () => {
    const printed = await cover();
    expect(printed.images_compared).to.equal(false);
    expect(cellIn(printed, 'kill', 'redis')).to.deep.include({
      state: 'proven',
      run: '20261101T030000Z-redis-loss-0000',
      when: '2026-11-01T03:00:00.000Z',
      reason: null,
    });
    expect(cellIn(printed, 'kill', 'app')).to.deep.include({
      state: 'stale',
      reason: 'it was proven, and since then the experiment was changed',
    });
    expect(cellIn(printed, 'latency', 'app-to-primary')).to.deep.include({ state: 'failed' });
    expect(printed.counts).to.include({ proven: 1, stale: 1, failed: 1, unclear: 0 });
    const total = Object.values(printed.counts).reduce((sum, n) => sum + n, 0);
    expect(total).to.equal(printed.cells.length);
  });

  it('is stale when a service is changed by a variable', async () => {
    const other = commandLine({ ...ENV, CHAOS_RETRY: 'off' });
    const args = ['coverage', ...FILES, ...TOPOLOGY, '--reports', reports, '--json'];
    const cell = cellIn((await other.run(...args)).json() as Printed, 'kill', 'redis');
    expect(cell).to.deep.include({
      state: 'stale',
      changed: ['the Compose service app was changed', 'the Compose service worker was changed'],
    });
  });

  it('plans what fits into the time, and writes only these experiments', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'coverage-'));
    const { planned, minutes } = await cover('--plan', '20', '--generate', dir);
    expect(planned).to.have.lengthOf.within(5, 6);
    expect(planned.reduce((sum, one) => sum + one.minutes, 0)).to.be.at.most(20);
    expect(minutes).to.be.above(500);
    expect(readdirSync(dir)).to.have.lengthOf(planned.filter(({ written }) => written).length);
    for (const { experiment } of planned) expect(existsSync(join(ROOT, experiment)), experiment).to.equal(true);
    const validated = await cli.run('validate', ...planned.map(({ experiment }) => experiment));
    expect(validated).to.include({ code: 0, stderr: '' });
  });

  it('writes no file twice', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'coverage-'));
    await cover('--plan', '4', '--generate', dir);
    const [file = ''] = readdirSync(dir);
    writeFileSync(join(dir, file), 'mine');
    const said = await cli.run('coverage', ...FILES, ...TOPOLOGY, '--plan', '4', '--generate', dir);
    expect(said.stderr).to.match(/^0 experiments written to \S+; 1 were there and stay as they are\n$/);
    expect(readFileSync(join(dir, file), 'utf8')).to.equal('mine');
  });

  it('draws one page without any request', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'coverage-')), 'coverage.html');
    await cover('--html', file);
    const page = readFileSync(file, 'utf8');
    expect(page).to.include("default-src 'none'").and.to.include('<h1>1 of ');
    expect(page).not.to.match(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('prints a matrix or a list, and what all gaps would take', async () => {
    const { stdout } = await cli.run('coverage', ...FILES, ...TOPOLOGY, '--plan', '10');
    expect(stdout).to.match(/^latency +✗/m);
    expect(stdout).to.include('redis: 1 proven, ');
    expect(stdout).to.match(/^~ stale: kill of app 2026-11-02, app-replica-kill: it was proven, and since then /m);
    expect(stdout).to.match(
      /^To fill \d+ gaps \(never, stale, unclear\) takes \d+ minutes \(\d+ h \d\d min\): 1 experiment that exists,/m,
    );
    expect(stdout).to.match(/^rule: never proven before stale before unclear/m);
    for (const line of stdout.split('\n').filter((text) => /^ {2}[·✓] /.test(text)))
      expect(line.length).to.be.at.most(100);
  });

  it('refuses a time that is none, and generates nothing without a model', async () => {
    const wrong = await cli.run('coverage', ...FILES, ...TOPOLOGY, '--plan', 'all');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.match(/^error CHAOS_USAGE: --plan all is no number of minutes/);
    const none = await cli.run('coverage', 'experiments/worker-loss.yaml', ...TOPOLOGY, '--generate', tmpdir());
    expect(none.code).to.equal(2);
    expect(none.stderr).to.match(/constant rate/);
  });
});
