import { expect } from 'chai';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { type RequestRow, samplesSchema } from '../../harness/core/load/samples.ts';
import { encodeBlock, writeEvents } from '../helpers/sample-folder.ts';
import { sampleRun, type SampleOptions } from '../helpers/sample-run.ts';
import { type CommandLine, commandLine } from './world.ts';

/** A recorded run as its folder holds it. */
function writeRun(reports: string, options: SampleOptions & { readonly run: string }): string {
  const { document, history } = sampleRun(options);
  const dir = join(reports, options.run);
  const { requests, plan } = history;
  mkdirSync(join(dir, 'samples'), { recursive: true });
  writeEvents(dir, history.events);
  const row = (i: number): RequestRow =>
    Object.fromEntries(
      (['planned', 'sent', 'firstByte', 'done', 'endpoint', 'scenario', 'outcome', 'status', 'source'] as const).map(
        (name) => [name, requests[name][i] ?? 0],
      ),
    ) as unknown as RequestRow;
  writeFileSync(
    join(dir, 'samples', 'requests.bin'),
    encodeBlock(Array.from({ length: requests.length }, (_, i) => row(i))),
  );
  writeFileSync(join(dir, 'samples', 'schema.json'), JSON.stringify(samplesSchema(plan.load.workload)));
  writeFileSync(join(dir, 'run.json'), JSON.stringify(document));
  return dir;
}

const FIRST = '20261124T043000Z-postgres-primary-loss-3f9a';
const SECOND = '20261124T053000Z-postgres-primary-loss-77aa';

describe('recorded runs', function () {
  // A hang guard: the embedded results database takes some seconds to begin.
  this.timeout(60_000);
  let cli: CommandLine;
  let reports: string;

  before(() => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    writeRun(reports, { run: FIRST });
    writeRun(reports, { run: SECOND, lost: 2 });
  });

  it('list: oldest first, with the keys of the contract', async () => {
    const said = await cli.run('list', '--json');
    expect(said.code).to.equal(0);
    const { runs } = said.json() as { runs: Record<string, string>[] };
    expect(runs.map((r) => r['run'])).to.deep.equal([FIRST, SECOND]);
    expect(runs[1]).to.have.keys('kind', 'run', 'title', 'verdict', 'started', 'dir');
    expect(runs[1]).to.include({ verdict: 'FAIL', dir: join(reports, SECOND) });
    expect((await cli.run('list')).stdout.split('\n')).to.have.lengthOf(3);
  });

  it('list: no runs, another folder, a run that died without a word', async () => {
    const empty = commandLine();
    expect((await empty.run('list', '--json')).json()).to.deep.equal({ schema_version: 1, runs: [] });
    expect((await empty.run('list')).stdout).to.match(/^no runs yet: chaos run /);
    expect(
      ((await empty.run('list', '--reports', reports, '--json')).json() as { runs: object[] }).runs,
    ).to.have.lengthOf(2);
    mkdirSync(join(empty.root, 'reports', 'dead'), { recursive: true });
    const dead = {
      schema_version: 1,
      state: 'running',
      run: 'dead',
      title: 't',
      started: '2026-11-24T04:30:00Z',
      runner: { pid: 1, started: '1' },
    };
    writeFileSync(join(empty.root, 'reports', 'dead', 'run.json'), JSON.stringify(dead));
    expect(((await empty.run('list', '--json')).json() as { runs: object[] }).runs).to.deep.include.members([
      {
        kind: 'experiment',
        run: 'dead',
        title: 't',
        verdict: 'INTERRUPTED',
        started: '2026-11-24T04:30:00Z',
        dir: join(empty.root, 'reports', 'dead'),
      },
    ]);
  });

  it('judge: the document of a run, with the keys of the contract, by name, end of name, folder or latest', async () => {
    const said = await cli.run('judge', SECOND, '--json');
    const document = said.json() as Record<string, unknown>;
    expect(document).to.include.keys(
      'schema_version',
      'verdict',
      'exit_code',
      'restored',
      'run',
      'dir',
      'title',
      'seed',
      'started',
      'ended',
      'phases',
      'checks',
      'faults',
      'residue',
      'invalid',
    );
    const first = (key: string): unknown => (document[key] as unknown[])[0];
    expect(first('phases')).to.have.keys('name', 'started', 'ended');
    expect(first('checks')).to.include.keys('name', 'verdict', 'expected', 'observed', 'samples', 'during');
    expect(first('faults')).to.include.keys('name', 'target', 'injected', 'healed', 'effective', 'evidence');
    expect(document['started']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(document['exit_code']).to.equal(said.code);
    for (const name of ['77aa', 'latest', join(reports, SECOND)]) {
      expect((await cli.run('judge', name, '--json')).json(), name).to.deep.equal(document);
    }
  });

  it('judge: two acknowledged writes that are gone are named by the check', async () => {
    const said = await cli.run('judge', SECOND, '--json');
    const { checks } = said.json() as { checks: { name: string; verdict: string; observed: string }[] };
    const lost = checks.find((c) => c.name === 'acknowledged writes lost');
    expect(lost).to.include({ verdict: 'FAIL' });
    expect(lost?.observed).to.match(/^2 of \d+ lost \(2 missing\)/);
  });

  it('judge for people: on stderr, and nothing on stdout', async () => {
    const { stdout, stderr } = await cli.run('judge', 'latest');
    expect(stdout).to.equal('');
    expect(stderr).to.include('FAIL');
  });

  it('judge, report: a run that does not exist is exit 2, with a hint', async () => {
    for (const command of ['judge', 'report']) {
      const { code, stderr } = await cli.run(command, 'nothing');
      expect(code).to.equal(2);
      expect(stderr).to.match(/^error CHAOS_NO_RUN: .*\n {2}`chaos list` prints them/);
    }
    const said = await cli.run('judge', 'nothing', '--json');
    expect((said.json() as { error: object }).error).to.include({ code: 'CHAOS_NO_RUN' });
  });

  it('report: makes again all that can be made from the record', async () => {
    const { code, stdout } = await cli.run('report', FIRST);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `${join(reports, FIRST, 'report.html')}\n` });
    for (const file of ['report.html', 'junit.xml', 'summary.md', 'repro.sh', 'run.json']) {
      expect(existsSync(join(reports, FIRST, file)), file).to.equal(true);
    }
  });
});
