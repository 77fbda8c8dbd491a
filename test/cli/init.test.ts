import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { temporaryFolder } from '../helpers/samples/folder.ts';
import { type CommandLine, commandLine } from './world.ts';

const SUITE = 'experiments/suites/nightly.yaml';
const GITHUB = '.github/workflows/chaos.yml';
const SCRIPTS = ['suite.sh', 'heal.sh', 'tell.sh', 'keep.sh', 'night.mjs', 'pages.mjs', 'annotate.mjs'];

describe('chaos init ci', () => {
  let cli: CommandLine;
  let project: string;
  const text = (path: string): string => readFileSync(join(project, path), 'utf8');
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  };

  beforeEach(() => {
    project = temporaryFolder();
    cli = commandLine({}, undefined, project);
    write(SUITE, 'experiments: []\n');
  });

  it('writes the workflow, the job and their scripts, and names them', async () => {
    const { code, stdout, stderr } = await cli.run('init', 'ci', '--json');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const { files, to_add } = JSON.parse(stdout) as { files: { path: string; state: string }[]; to_add: unknown };
    const paths = [GITHUB, '.gitlab/chaos.yml', '.gitlab-ci.yml', ...SCRIPTS.map((name) => `ci/chaos/${name}`)];
    expect(files).to.deep.equal(paths.map((path) => ({ path, state: 'written' })));
    expect(to_add).to.equal(null);
    for (const path of paths) expect(text(path)).not.to.include('__');
    for (const path of [GITHUB, '.gitlab/chaos.yml']) expect(text(path)).to.include(`CHAOS_CI_SUITE: '${SUITE}'`);
  });

  it('writes for one service only, and another suite', async () => {
    write('night.yaml', 'experiments: []\n');
    expect((await cli.run('init', 'ci', '--github', '--suite', './night.yaml')).code).to.equal(0);
    expect(text(GITHUB)).to.include("CHAOS_CI_SUITE: 'night.yaml'");
    expect(existsSync(join(project, '.gitlab'))).to.equal(false);
  });

  it('changes nothing the second time, and replaces what a person changed only with --force', async () => {
    await cli.run('init', 'ci');
    const again = await cli.run('init', 'ci');
    expect(again).to.include({ code: 0 });
    expect(again.stdout).to.match(/^(?:unchanged {2}\S+\n)+$/);
    const before = text(GITHUB);
    write(GITHUB, 'mine\n');
    write('ci/chaos/heal.sh', 'mine\n');
    const refused = await cli.run('init', 'ci', '--suite', SUITE);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.include(`CHAOS_INIT_EXISTS: ${GITHUB}, ci/chaos/heal.sh would be replaced`);
    expect(text(GITHUB)).to.equal('mine\n');
    expect((await cli.run('init', 'ci', '--force')).code).to.equal(0);
    expect(text(GITHUB)).to.equal(before);
  });

  it("never replaces the project's own .gitlab-ci.yml, and says what to add to it", async () => {
    write('.gitlab-ci.yml', 'build: { script: make }\n');
    const { stdout, stderr } = await cli.run('init', 'ci', '--gitlab', '--force');
    expect(stdout).to.include('kept       .gitlab-ci.yml');
    expect(stderr).to.equal('add to .gitlab-ci.yml:\ninclude:\n  - local: .gitlab/chaos.yml\n');
    expect(text('.gitlab-ci.yml')).to.equal('build: { script: make }\n');
    write('.gitlab-ci.yml', 'include: [{ local: .gitlab/chaos.yml }]\n');
    expect((await cli.run('init', 'ci', '--gitlab')).stderr).to.equal('');
  });

  it('refuses a suite that is missing, elsewhere, or whose name means something to a shell or a service', async () => {
    for (const [suite, code] of [
      ['experiments/none.yaml', 'CHAOS_FILE_MISSING'],
      ['../night.yaml', 'CHAOS_USAGE'],
      ['/etc/hostname', 'CHAOS_USAGE'],
      ['night $(reboot).yaml', 'CHAOS_USAGE'],
      ['${{ secrets.X }}.yaml', 'CHAOS_USAGE'],
      ["it's.yaml", 'CHAOS_USAGE'],
    ] as const) {
      const said = await cli.run('init', 'ci', '--suite', suite);
      expect(said.code, suite).to.equal(2);
      expect(said.stderr, suite).to.include(code);
    }
    expect(existsSync(join(project, 'ci'))).to.equal(false);
  });
});
