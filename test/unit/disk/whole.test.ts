import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { diskError } from '../../../harness/core/disk-error.ts';
import { PRIVATE, privateFolder, writeWhole } from '../../../harness/disk/whole.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

describe('a file that is written whole', () => {
  it('replaces the file, and leaves no draft behind', () => {
    const path = join(temporaryFolder(), 'file');
    writeWhole(path, 'one');
    writeWhole(path, 'two', PRIVATE);
    expect(readFileSync(path, 'utf8')).to.equal('two');
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readdirSync(join(path, '..'))).to.deep.equal(['file']);
  });

  it('leaves the file and no draft when it cannot be written, and says so by name', () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'folder'));
    expect(() => writeWhole(join(dir, 'folder'), 'x'))
      .to.throw()
      .with.property('code', 'CHAOS_NOT_WRITABLE');
    expect(readdirSync(dir)).to.deep.equal(['folder']);
    writeFileSync(join(dir, 'file'), '');
    expect(() => privateFolder(join(dir, 'file', 'below')))
      .to.throw()
      .with.property('code', 'CHAOS_NOT_WRITABLE');
  });

  for (const [code, named] of [
    ['ENOSPC', 'CHAOS_DISK_FULL'],
    ['EDQUOT', 'CHAOS_DISK_FULL'],
    ['EACCES', 'CHAOS_NOT_WRITABLE'],
    ['EROFS', 'CHAOS_NOT_WRITABLE'],
    ['EAGAIN', 'EAGAIN'],
  ] as const) {
    it(`fails with ${named} after ${code} (case H4)`, () => {
      const failure = Object.assign(new Error('no'), { code, syscall: 'write' });
      expect(diskError(failure, '/state/lock')).to.have.property('code', named);
    });
  }
});
