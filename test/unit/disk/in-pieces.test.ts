import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { writeInPieces } from '../../../harness/disk/in-pieces.ts';

describe('a file that is written in pieces', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'pieces-'));
    path = join(dir, 'file');
    writeFileSync(path, 'old');
  });

  it('keeps its old content until the last piece is written', () => {
    const seen: string[] = [];
    writeInPieces(
      path,
      (function* () {
        for (const piece of ['é1\n', '2\n']) {
          yield piece;
          seen.push(readFileSync(path, 'utf8'));
        }
      })(),
    );
    expect(seen).to.deep.equal(['old', 'old']);
    expect(readFileSync(path, 'utf8')).to.equal('é1\n2\n');
    expect(readdirSync(dir)).to.deep.equal(['file']);
  });

  it('keeps its old content when a piece cannot be made, and leaves no draft', () => {
    const failing = (function* () {
      yield 'half';
      throw new Error('no more');
    })();
    expect(() => writeInPieces(path, failing)).to.throw('no more');
    expect(readFileSync(path, 'utf8')).to.equal('old');
    expect(readdirSync(dir)).to.deep.equal(['file']);
  });

  it('is CHAOS_DISK_FULL on a full disk, and keeps its old content', () => {
    symlinkSync('/dev/full', `${path}.${process.pid}.new`);
    expect(() => writeInPieces(path, ['x']))
      .to.throw()
      .that.includes({ code: 'CHAOS_DISK_FULL' });
    expect(readFileSync(path, 'utf8')).to.equal('old');
    expect(readdirSync(dir)).to.deep.equal(['file']);
  });
});
