import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { nightOf, writeNight } from '../helpers/samples/history-of-runs.ts';
import { type CommandLine, commandLine } from './world.ts';

interface Trend {
  readonly series: readonly {
    readonly experiment: string;
    readonly name: string;
    readonly points: readonly object[];
    readonly changes: readonly { readonly run: string; readonly confirmed: boolean | null }[];
  }[];
}

describe('chaos trend', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(20_000);
  let cli: CommandLine;
  let reports: string;

  before(() => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    for (let night = 0; night < 20; night += 1)
      writeNight(reports, night, { p95: (night < 15 ? 100 : 130) + (night % 3) });
    writeNight(reports, 3, { p95: 50, experiment: 'worker-loss', title: 'Losing workers' });
  });

  it('prints one document with the promised keys', async () => {
    const said = await cli.run('trend', '--json');
    expect(said.code).to.equal(0);
    const { series } = said.json() as Trend;
    expect(series.map(({ experiment, name }) => `${experiment} ${name}`)).to.deep.equal([
      'redis-loss latency p95 (fault)',
      'redis-loss throughput (fault)',
      'worker-loss latency p95 (fault)',
      'worker-loss throughput (fault)',
    ]);
    expect(series[0]).to.include.keys('experiment', 'name', 'unit', 'points', 'changes');
    expect(series[0]?.points[0]).to.have.keys('run', 't', 'value');
    expect(series[0]?.changes.map(({ run, confirmed }) => [run, confirmed])).to.deep.equal([[nightOf(15), null]]);
    expect(series[0]?.changes[0]).to.include.keys('run', 'from', 'to', 'confirmed');
  });

  it('prints verdicts and sparklines for people, also of one experiment by its file', async () => {
    const all = await cli.run('trend');
    expect(all.stdout)
      .to.match(/^ {2}verdicts +✓{20}$/m)
      .and.to.match(/since \S+redis-loss-000f, not rerun/);
    const one = await cli.run('trend', '--experiment', 'experiments/worker-loss.yaml');
    expect(one.stdout).to.include('Losing workers').and.not.to.include('redis-loss');
  });

  it('writes a page with links that count from the page', async () => {
    const file = join(cli.root, 'elsewhere.html');
    const said = await cli.run('trend', '--html', file);
    expect(said).to.include({ code: 0, stderr: `${file}\n` });
    expect(readFileSync(file, 'utf8')).to.include(`href="reports/${nightOf(15)}/report.html"`);
  });

  it('refuses an experiment of which no run is recorded, and says when there are no runs at all', async () => {
    const said = await cli.run('trend', '--experiment', 'nobody', '--json');
    expect(said.code).to.equal(2);
    expect((said.json() as { error: object }).error).to.include({ code: 'CHAOS_NO_RUN' });
    const empty = await commandLine().run('trend');
    expect(empty).to.include({ code: 0 });
    expect(empty.stdout).to.match(/^no runs yet/);
  });
});

describe('chaos list', function () {
  this.timeout(20_000);
  let cli: CommandLine;
  const listed = async (...args: readonly string[]): Promise<string[]> => {
    const said = await cli.run('list', '--json', ...args);
    expect(said.code, said.stderr).to.equal(0);
    return (said.json() as { runs: { run: string }[] }).runs.map(({ run }) => run);
  };

  before(() => {
    cli = commandLine();
    const reports = join(cli.root, 'reports');
    writeNight(reports, 0, { p95: 1, verdict: 'FAIL' });
    writeNight(reports, 1, { p95: 1, experiment: 'worker-loss', tags: ['weekly'] });
    writeNight(reports, 2, { p95: 1, verdict: 'NOT READY' });
  });

  it('is newest first, and takes filters', async () => {
    const [first, second, third] = [nightOf(0), nightOf(1, 'worker-loss'), nightOf(2)];
    expect(await listed()).to.deep.equal([third, second, first]);
    expect(await listed('--experiment', 'experiments/redis-loss.yaml')).to.deep.equal([third, first]);
    expect(await listed('--verdict', 'not-ready', '--verdict', 'FAIL')).to.deep.equal([third, first]);
    expect(await listed('--tag', 'weekly')).to.deep.equal([second]);
    expect(await listed('--since', '2026-09-02')).to.deep.equal([third, second]);
    expect(await listed('--since', '2026-09-02T02:00:01')).to.deep.equal([third]);
    expect(await listed('--tag', 'weekly', '--verdict', 'FAIL')).to.deep.equal([]);
    expect((await cli.run('list', '--tag', 'nobody')).stdout).to.equal('none of 3 runs and loads fits\n');
  });

  it('has more keys for a run that was judged', async () => {
    const { runs } = (await cli.run('list', '--json')).json() as { runs: object[] };
    expect(runs[1]).to.deep.include({ experiment: 'worker-loss', tags: ['weekly'], seed: 42, kind: 'experiment' });
  });

  it('refuses a verdict and a time that there is not', async () => {
    for (const wrong of [
      ['--verdict', 'GREEN'],
      ['--since', 'yesterday'],
      ['--since', '2026-13-77'],
    ]) {
      const said = await cli.run('list', ...wrong);
      expect(said.code, wrong.join(' ')).to.equal(2);
      expect(said.stderr).to.include('CHAOS_USAGE');
    }
  });
});
