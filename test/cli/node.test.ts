import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { temporaryFolder } from '../helpers/samples/folder.ts';

/** A program that says it is this version of Node, and prints its arguments when it is asked for anything else. */
function fakeNode(folder: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'node');
  writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit\necho "${version} $*"\n`);
  chmodSync(file, 0o755);
}

/** An installed package without Node, in a project, and another Node on PATH. */
function installed(version: string) {
  const project = temporaryFolder();
  const root = join(project, 'node_modules', 'chaos');
  mkdirSync(join(root, 'harness'), { recursive: true });
  copyFileSync(join(ROOT, 'harness', 'chaos'), join(root, 'harness', 'chaos'));
  const bin = join(project, 'node_modules', '.bin');
  mkdirSync(bin);
  symlinkSync('../chaos/harness/chaos', join(bin, 'chaos'));
  const path = join(project, 'path');
  fakeNode(path, version);
  const run = (...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const env = { PATH: `${path}:/usr/bin:/bin` };
      execFile(join(bin, 'chaos'), args, { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
      );
    });
  return { root, bin, run };
}

describe('the command, on a Node that is too old', () => {
  it('says so with a code, in one document with --json, and shows no stack', async () => {
    const { run } = installed('v20.20.2');
    const { code, stdout, stderr } = await run('run', 'x.yaml', '--json');
    expect(code).to.equal(3);
    expect(JSON.parse(stdout)).to.deep.include({ schema_version: 1, exit_code: 3 });
    expect(JSON.parse(stdout)).to.have.nested.property('error.code', 'CHAOS_NODE');
    expect(stderr).to.match(
      /^error CHAOS_NODE: chaos needs Node 24 or later, .*v20\.20\.2\)\n {2}On Linux x64, `npm install`/,
    );
    expect(stderr.trim().split('\n')).to.have.lengthOf(2);
    expect((await run('list')).stdout).to.equal('');
  });

  it('takes the Node that npm installed beside the package, before another on PATH', async () => {
    const { root, bin, run } = installed('v20.20.2');
    fakeNode(bin, 'v24.21.0');
    const { code, stdout } = await run('list', 'two words');
    expect(code).to.equal(0);
    expect(stdout).to.equal(`v24.21.0 --max-semi-space-size=2 -- ${root}/dist/harness/cli.js list two words\n`);
    expect((await installed('v26.1.0').run('list')).stdout).to.match(/^v26\.1\.0 /);
  });

  it('asks for the version that the library asks for', () => {
    const library = /LEAST = (\d+)/.exec(readFileSync(join(ROOT, 'harness/library/node-version.ts'), 'utf8'))?.[1];
    const command = /^least=(\d+)/m.exec(readFileSync(join(ROOT, 'harness/chaos'), 'utf8'))?.[1];
    expect(command).to.equal(library);
  });
});
