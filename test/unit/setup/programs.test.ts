import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { hasLooked, lookIntoImages, programsOfImages } from '../../../harness/setup/programs.ts';
import type { Shell } from '../../../harness/setup/shell.ts';
import { hashInputs, writeStamp } from '../../../harness/setup/stamp.ts';

/** An engine with these images. It keeps the ids that it was asked to look into. */
function engineOf(images: Readonly<Record<string, string>>): { readonly shell: Shell; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    shell: async (_program, args) => {
      const id = args.at(-3) ?? '';
      asked.push(id);
      const stdout = images[id];
      return { code: stdout === undefined ? 127 : 0, stdout: stdout ?? '', stderr: '', timedOut: false };
    },
  };
}

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'programs-'));
  mkdirSync(join(root, 'topology'));
  writeFileSync(join(root, 'topology', 'Dockerfile'), 'FROM scratch\n');
  return root;
}

describe('what is in the images', () => {
  it('is looked up once for each image, and known by its name as long as nothing has changed', async () => {
    const root = newRoot();
    const ids = { 'chaos/redis:dev': 'sha256:1', 'chaos/empty:dev': 'sha256:2', 'chaos/other:dev': 'sha256:1' };
    const { shell, asked } = engineOf({ 'sha256:1': 'redis-cli\nbash\nbash\n' });
    expect(hasLooked(root)).to.equal(false);
    expect(programsOfImages(root)).to.equal(undefined);
    writeStamp(root, hashInputs(root), ids);
    await lookIntoImages(shell, root, ids);
    expect(hasLooked(root)).to.equal(true);
    expect(programsOfImages(root)).to.deep.equal({
      'chaos/redis:dev': ['bash', 'redis-cli'],
      'chaos/other:dev': ['bash', 'redis-cli'],
    });
    expect(asked).to.deep.equal(['sha256:1', 'sha256:2']);
    await lookIntoImages(shell, root, ids);
    expect(asked, 'only what could not be looked into is tried again').to.deep.equal([
      'sha256:1',
      'sha256:2',
      'sha256:2',
    ]);
  });

  it('is not known when the files from which the images are built have changed, or the file is damaged', async () => {
    const root = newRoot();
    const ids = { 'chaos/redis:dev': 'sha256:1' };
    writeStamp(root, hashInputs(root), ids);
    await lookIntoImages(engineOf({ 'sha256:1': 'bash\n' }).shell, root, ids);
    expect(programsOfImages(root)).to.have.keys('chaos/redis:dev');
    writeFileSync(join(root, 'topology', 'Dockerfile'), 'FROM debian\n');
    expect(programsOfImages(root)).to.equal(undefined);
    writeFileSync(join(root, '.chaos', 'programs.json'), '{');
    expect(hasLooked(root)).to.equal(false);
  });
});
