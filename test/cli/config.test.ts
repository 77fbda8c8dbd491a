import { expect } from 'chai';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { againstOf } from '../../harness/commands/compare-gate.ts';
import { cataloguesFor } from '../../harness/main.ts';
import { redact } from '../../harness/core/text/redact.ts';
import { ROOT } from '../helpers/chaos.ts';
import { blocksOf } from '../helpers/doc-blocks.ts';
import { recordSample } from '../helpers/record-run.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { sealed } from '../helpers/sealed.ts';
import { commandLine, silentWorld } from './world.ts';

/** A project with the config of docs/library.md, which imports 'chaos' from this checkout. */
function project(config = blocksOf('docs/library.md').get('chaos.config.ts') ?? ''): string {
  const dir = mkdtempSync(join(tmpdir(), 'project-'));
  cpSync(join(ROOT, 'examples', 'web'), dir, { recursive: true });
  const experiment = readFileSync(join(dir, 'kill.yaml'), 'utf8')
    .replace('- kill: { service: web }', '- freeze: { service: web }')
    .replace(
      'hypotheses:\n',
      'hypotheses:\n  - failed_at_most: { requests: 5, during: [recovery] }\n  - series: { name: answered, above: 1/s, during: [recovery] }\n',
    );
  writeFileSync(
    join(dir, 'freeze.yaml'),
    `${experiment}stop_if:\n  - series: { name: answered, below: 1/s, for: 5s }\ncharts:\n  - series: { name: answered }\n`,
  );
  writeFileSync(join(dir, 'chaos.config.ts'), config.replace("from 'chaos'", `from '${ROOT}/index.ts'`));
  return dir;
}

/** Records a run whose only hypothesis is of the project's own kind. */
function recordOwn(reports: string, run: string): void {
  const sample = sampleRun({ run, seconds: { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 } });
  const params = { requests: 100_000, during: ['fault'] };
  const hypotheses = [{ check: 'failed_at_most', params, line: 7 }];
  const plan = { ...sample.history.plan, hypotheses };
  const events = sample.history.events.map((event) => (event.kind === 'run.started' ? { ...event, plan } : event));
  sealed(recordSample(reports, { ...sample, history: { ...sample.history, plan, events } }, redact));
}

describe('the config of a project', function () {
  // A hang guard: the embedded results database takes some seconds to begin.
  this.timeout(120_000);

  it('beside the compose file is known to validate and plan, from every folder', async () => {
    const file = join(project(), 'freeze.yaml');
    const validated = await commandLine().run('validate', file);
    expect(validated, validated.stderr).to.include({ code: 0 });
    const planned = await commandLine().run('plan', file);
    expect(planned.stdout).to.include('freeze').and.include('unpause the container');
    expect(planned.stdout).to.include('failed requests <= 5');
  });

  it('in the working folder is known to schema and explain', async () => {
    const cli = commandLine({}, undefined, project());
    const schema = (await cli.run('schema')).stdout;
    for (const name of ['freeze', 'failed_at_most', 'answered']) expect(schema).to.include(`"${name}"`);
    const explained = await cli.run('explain', 'freeze');
    expect(explained.stdout).to.include('Freezes all processes of containers.').and.include('unpause the container');
    expect((await cli.run('explain', 'failed_at_most')).code).to.equal(0);
  });

  it('in the working folder is known to what judges a recorded run: export, import and the gate', async () => {
    const dir = project();
    const cli = commandLine({ CHAOS_RESULTS_URL: undefined }, undefined, dir);
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    for (const run of ['20261124T043000Z-own-0001', '20261125T043000Z-own-0002']) recordOwn(elsewhere, run);
    const imported = await cli.run('import', elsewhere, '--json');
    expect(imported.code, imported.stderr).to.equal(0);
    const folder = join(cli.root, 'reports', '20261124T043000Z-own-0001');
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.include('failed requests <= 100000');
    expect(existsSync(join(folder, 'verdict.txt')), 'the reporter of the config').to.equal(true);
    const exported = await cli.run('export', '--table', 'checks');
    expect(exported.stdout).to.include('"failed requests"').and.not.to.include('has no check');
    const [first, second] = ['20261124T043000Z-own-0001', '20261125T043000Z-own-0002'];
    const reports = join(cli.root, 'reports');
    const figures = async (cwd: string): Promise<string[]> => {
      const { now } = againstOf(first, second, reports, await cataloguesFor([], cwd), { ...silentWorld, cwd });
      return now.figures.checks.map(({ name }) => name);
    };
    expect(await figures(dir)).to.deep.equal(['failed requests']);
    expect(await figures(ROOT)).to.deep.equal(['failed_at_most']);
    // The same runs, seen from a folder without the config.
    const without = commandLine({}, cli.root);
    expect((await without.run('export', '--table', 'checks')).stdout).to.include('has no check');
  });

  it('beside the compose file is known to coverage', async () => {
    const dir = project();
    const compose = join(dir, 'compose.yml');
    const args = ['coverage', join(dir, 'freeze.yaml'), '--file', compose, '--plan', '60', '--json'];
    const covered = await commandLine({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }).run(...args);
    expect(covered.code, covered.stderr).to.equal(0);
    const { cells } = covered.json() as { readonly cells: readonly { readonly failure: string; state: string }[] };
    expect(cells.filter(({ failure }) => failure === 'freeze').map(({ state }) => state)).to.include('never');
    expect(covered.stderr, 'freeze.yaml has no mistake').to.equal('');
  });

  it('of another project is not known', async () => {
    expect((await commandLine().run('explain', 'freeze')).code).to.equal(2);
  });

  it('is checked by its own schemas, with the place in the experiment', async () => {
    const dir = project();
    const text = readFileSync(join(dir, 'freeze.yaml'), 'utf8').replace('requests: 5', 'requests: -5');
    writeFileSync(join(dir, 'freeze.yaml'), text);
    const { code, stderr } = await commandLine().run('validate', join(dir, 'freeze.yaml'));
    expect(code).to.equal(2);
    expect(stderr).to.match(/freeze\.yaml:\d+:\d+ {2}error CHAOS_WRONG_VALUE/);
  });

  it('that throws ends a command with 2, at the file and line', async () => {
    const dir = project(`\n\nthrow new Error('no such stage');\n`);
    const { code, stderr } = await commandLine().run('plan', join(dir, 'freeze.yaml'));
    expect(code).to.equal(2);
    expect(stderr).to.include(
      `${join(dir, 'chaos.config.ts')}:3:7  error CHAOS_CONFIG: the config cannot be loaded: no such stage`,
    );
  });
});
