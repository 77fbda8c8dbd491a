import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import type { Plan } from '../../harness/core/plan/plan.ts';
import type { Suite } from '../../harness/core/suite/suite.ts';
import { withGaps } from '../../harness/commands/common/suite-gaps.ts';
import { cataloguesFor, clock, compose } from '../../harness/main.ts';
import { beginSuite } from '../../harness/modes/suite/open-record.ts';
import { readSuiteEvents } from '../../harness/modes/suite/suite-record.ts';
import { readExperiment, readSuite } from '../../harness/plan/index.ts';
import { nameFolder } from '../../harness/record/folders.ts';
import { ROOT } from '../helpers/chaos.ts';
import { known } from '../helpers/known.ts';
import { writeCoveredRun } from '../helpers/samples/covered-folder.ts';
import { type CommandLine, commandLine, silentWorld } from './world.ts';

/** No engine answers there, so the names of images are compared. */
const ENV = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

interface Planned {
  readonly experiments: readonly {
    readonly key: string;
    readonly generated: boolean;
    readonly fills: readonly { readonly component: string; readonly failure: string; readonly state: string }[];
  }[];
}

describe('chaos suite with gaps of the coverage', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(60_000);
  let project: string;
  let reports: string;
  let cli: CommandLine;
  const suiteFile = (): string => join(project, 'suites', 'gaps.yaml');

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'gaps-'));
    reports = join(project, 'reports');
    cpSync(join(ROOT, 'examples', 'web'), project, { recursive: true });
    mkdirSync(join(project, 'suites'));
    writeFileSync(suiteFile(), 'title: Gaps\nexperiments:\n  - gaps: { minutes: 40 }\n');
    cli = commandLine(ENV, undefined, project);
  });

  const ask = async (...args: readonly string[]): Promise<Planned> => {
    const said = await cli.run('suite', suiteFile(), '--plan', '--reports', reports, '--json', ...args);
    expect(said.code, said.stderr).to.equal(0);
    return said.json() as Planned;
  };
  const keys = ({ experiments }: Planned): string[] => experiments.map(({ key }) => key);
  const planOf = (file: string): Plan => readExperiment({ file, overrides: [], ...known, env: ENV, compose }).plan!;

  /** Begins the suite as `chaos suite` does, and runs nothing. Returns its folder. */
  async function begun(): Promise<string> {
    const catalogues = await cataloguesFor([], project);
    const read = readSuite({
      file: suiteFile(),
      env: ENV,
      read: (options) => readExperiment({ ...options, ...catalogues, compose }),
    });
    const where = nameFolder(reports, 'suite-gaps');
    const world = { ...silentWorld, env: ENV, cwd: project };
    const suite: Suite = await withGaps(read.suite!, { dir: where.dir, reports, known: catalogues }, world);
    using record = beginSuite(suite, where, clock);
    return record.dir;
  }

  it('shows with --plan which gap each experiment fills, prefers a written one, and writes nothing', async () => {
    const planned = await ask();
    expect(planned.experiments.map(({ fills }) => fills.length)).to.deep.equal(planned.experiments.map(() => 1));
    expect(planned.experiments.find(({ key }) => key === 'kill')).to.deep.include({
      generated: false,
      fills: [{ component: 'web', failure: 'kill', state: 'never' }],
    });
    expect(planned.experiments.filter(({ generated }) => generated)).not.to.deep.equal([]);
    expect(existsSync(reports)).to.equal(false);
    const { stdout } = await cli.run('suite', suiteFile(), '--plan', '--reports', reports);
    expect(stdout).to.match(/^ +\d+ {2}kill \(.* at most; fills the gap kill of web \(never\)\)$/m);
    expect(stdout).to.match(/at most; generated, fills the gap \w+ of web \(never\)\)$/m);
  });

  it('plans no time for what the suite runs anyway, and nothing for what is proven', async () => {
    writeFileSync(suiteFile(), 'title: Gaps\nexperiments:\n  - file: ../kill.yaml\n  - gaps: { minutes: 40 }\n');
    const beside = await ask();
    expect(beside.experiments[0]).to.deep.include({ key: 'kill', fills: [] });
    expect(keys(beside).filter((key) => key === 'kill')).to.have.length(1);
    writeFileSync(suiteFile(), 'title: Gaps\nexperiments:\n  - gaps: { minutes: 40 }\n');
    const plan = planOf(join(project, 'kill.yaml'));
    writeCoveredRun(reports, { run: '20261101T030000Z-kill-0000', verdict: 'PASS', plan });
    expect(keys(await ask())).not.to.include('kill');
    rmSync(reports, { recursive: true });
    expect(keys(await ask())).to.include('kill');
  });

  it('writes what it generates into its folder, records the list, and resumes with the same list', async () => {
    const fresh = keys(await ask());
    const dir = await begun();
    const generated = readdirSync(join(dir, 'generated'));
    expect(generated.toSorted()).to.deep.equal(
      fresh
        .filter((key) => key !== 'kill')
        .map((key) => `${key}.yaml`)
        .toSorted(),
    );
    const validated = await cli.run('validate', ...generated.map((name) => join(dir, 'generated', name)));
    expect(validated).to.include({ code: 0, stderr: '' });
    // One gap is filled by now, and a new plan would leave it out.
    const filled = join(dir, 'generated', generated[0] ?? '');
    writeCoveredRun(reports, { run: '20261101T030000Z-filled-0000', verdict: 'PASS', plan: planOf(filled) });
    expect(keys(await ask())).not.to.deep.equal(fresh);
    expect(keys(await ask('--resume'))).to.deep.equal(fresh);
  });

  it('takes up a suite with the recorded list, and refuses when an experiment of it was changed or is gone', async () => {
    const dir = await begun();
    const [name = ''] = readdirSync(join(dir, 'generated'));
    const path = join(dir, 'generated', name);
    const resume = () => cli.run('suite', suiteFile(), '--resume', dir, '--reports', reports);
    // Nothing can be run here, so the suite ends NOT READY, and it was taken up all the same.
    expect((await resume()).code).to.equal(3);
    expect(readSuiteEvents(dir).some(({ kind }) => kind === 'suite.resumed')).to.equal(true);
    writeFileSync(path, readFileSync(path, 'utf8').replace('200ms', '100ms'));
    expect((await resume()).stderr).to.include('CHAOS_SUITE_CHANGED');
    rmSync(path);
    const gone = await resume();
    expect(gone.code).to.equal(2);
    expect(gone.stderr).to.include(name).and.include('CHAOS_FILE_MISSING');
  });

  it('does not take up a suite that asks for other gaps by now', async () => {
    await begun();
    writeFileSync(suiteFile(), 'title: Gaps\nexperiments:\n  - gaps: { minutes: 6 }\n');
    const { code, stderr } = await cli.run('suite', suiteFile(), '--resume', '--reports', reports);
    expect(code).to.equal(2);
    expect(stderr).to.include('CHAOS_SUITE_CHANGED');
  });

  it('says so at its line when no gap fits into the time, and what is wrong with `like`', async () => {
    writeFileSync(suiteFile(), 'title: Gaps\nexperiments:\n  - gaps: { minutes: 0.1 }\n');
    const none = await cli.run('suite', suiteFile(), '--plan', '--reports', reports);
    expect(none.code).to.equal(0);
    expect(none.stderr).to.match(/gaps\.yaml:3:\d+ {2}warning CHAOS_SUITE_EMPTY {2}no experiment for a gap/);
    writeFileSync(join(project, 'other.yml'), 'services: { other: { image: x } }\n');
    const other = `title: Gaps\nexperiments:\n  - gaps: { minutes: 5, like: ../other.yaml }\n`;
    writeFileSync(suiteFile(), other);
    const { code, stderr } = await cli.run('suite', suiteFile(), '--plan', '--reports', reports);
    expect(code).to.equal(2);
    expect(stderr).to.match(/gaps\.yaml:3:\d+ {2}error CHAOS_FILE_MISSING {2}\.\.\/other\.yaml/);
  });
});
