import { expect } from 'chai';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { blocksOf } from '../helpers/doc-blocks.ts';
import { commandLine } from './world.ts';

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

describe('the config of a project', function () {
  this.timeout(20_000);

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
