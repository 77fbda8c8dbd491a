import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { type RequestRow, samplesSchema } from '../../harness/core/load/samples.ts';
import { ROOT } from '../helpers/chaos.ts';
import { encodeBlock, writeEvents } from '../helpers/samples/folder.ts';
import { sampleRun, type SampleOptions } from '../helpers/samples/run.ts';
import { type CommandLine, commandLine } from './world.ts';
import { reporters } from '../../harness/reporters/index.ts';

/** Writes the folder of a recorded run. */
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

  it('are listed newest first, with the promised keys', async () => {
    const said = await cli.run('list', '--json');
    expect(said.code).to.equal(0);
    const { runs } = said.json() as { runs: Record<string, string>[] };
    expect(runs.map((r) => r['run'])).to.deep.equal([SECOND, FIRST]);
    const [second] = runs;
    expect(second).to.include.keys('kind', 'run', 'title', 'verdict', 'started', 'dir', 'experiment', 'tags');
    expect(second).to.include({ verdict: 'FAIL', dir: join(reports, SECOND) });
    expect((await cli.run('list')).stdout.split('\n')).to.have.lengthOf(3);
  });

  it('are listed from any folder, and as INTERRUPTED when they died without a verdict', async () => {
    const empty = commandLine();
    expect((await empty.run('list', '--json')).json()).to.deep.equal({
      schema_version: 1,
      runs: [],
      unreadable: [],
    });
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

  it('are judged by name, end of name, folder or "latest", into a document with the promised keys', async () => {
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

  it('are judged FAIL by the check of acknowledged writes when two of these writes are lost', async () => {
    const said = await cli.run('judge', SECOND, '--json');
    const { checks } = said.json() as { checks: { name: string; verdict: string; observed: string }[] };
    const lost = checks.find((c) => c.name === 'acknowledged writes lost');
    expect(lost).to.include({ verdict: 'FAIL' });
    expect(lost?.observed).to.match(/^2 of \d+ lost \(2 missing\)/);
  });

  it("are judged by another file's hypotheses with --with, and say so", async () => {
    const file = join(ROOT, 'experiments', 'postgres-primary-loss.yaml');
    const said = await cli.run('judge', SECOND, '--with', file, '--json');
    const document = said.json() as { judged_with: string; checks: { hypothesis: number; line: number }[] };
    expect(document.judged_with).to.equal(file);
    expect(document.checks.map((c) => c.hypothesis)).to.include.members([0, 1, 2, 3]);
    const own = (await cli.run('judge', SECOND, '--json')).json() as { checks: object[] };
    expect(own).not.to.have.property('judged_with');
  });

  it('are not judged by a hypothesis about a phase that the run did not have', async () => {
    const short = join(cli.root, 'short.yaml');
    const text = readFileSync(join(ROOT, 'experiments', 'redis-loss.yaml'), 'utf8')
      .replaceAll('../docker', `${ROOT}/docker`)
      .replaceAll('workloads/', `${ROOT}/experiments/workloads/`);
    writeFileSync(
      short,
      text.replace(/hypotheses:[^]*$/, 'hypotheses:\n  - errors: { below: 1%, of: GET /api/nobody }\n'),
    );
    const said = await cli.run('judge', SECOND, '--with', short, '--json');
    expect(said.code).to.equal(2);
    expect((said.json() as { error: { code: string } }).error.code).to.equal('CHAOS_UNKNOWN_ENDPOINT');
  });

  it('are judged for people on stderr, with nothing on stdout', async () => {
    const { stdout, stderr } = await cli.run('judge', 'latest');
    expect(stdout).to.equal('');
    expect(stderr).to.include('FAIL');
  });

  it('make chaos judge and chaos report exit with 2 and a hint when they do not exist', async () => {
    for (const command of ['judge', 'report']) {
      const { code, stderr } = await cli.run(command, 'nothing');
      expect(code).to.equal(2);
      expect(stderr).to.match(/^error CHAOS_NO_RUN: .*\n {2}`chaos list` prints what there is/);
    }
    const said = await cli.run('judge', 'nothing', '--json');
    expect((said.json() as { error: object }).error).to.include({ code: 'CHAOS_NO_RUN' });
  });

  it('get all their reports again with chaos report', async () => {
    const { code, stdout } = await cli.run('report', FIRST);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `${join(reports, FIRST, 'report.html')}\n` });
    for (const file of [...reporters.map((reporter) => reporter.file), 'run.json']) {
      expect(existsSync(join(reports, FIRST, file)), file).to.equal(true);
    }
    expect(readFileSync(join(reports, 'index.html'), 'utf8')).to.include(`href="${FIRST}/report.html"`);
  });
});
