import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPOSE_FILE, hashInputs, readStamp, staleness, writeStamp } from '../../../harness/setup/stamp.ts';

describe('the stamp of the set-up', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'chaos-stamp-'));
    mkdirSync(join(root, 'topology/app/node_modules'), { recursive: true });
    writeFileSync(join(root, 'topology/app/main.ts'), 'one');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('hashes contents, names, executable bits and the compose file, but no times and no node_modules', () => {
    const first = hashInputs(root);
    utimesSync(join(root, 'topology/app/main.ts'), 1, 1);
    writeFileSync(join(root, 'topology/app/node_modules/x.js'), 'installed');
    expect(hashInputs(root), 'times and node_modules').to.equal(first);

    const seen = new Set([first]);
    const changes: (() => void)[] = [
      () => {
        writeFileSync(join(root, 'topology/app/main.ts'), 'two');
      },
      () => {
        chmodSync(join(root, 'topology/app/main.ts'), 0o755);
      },
      () => {
        writeFileSync(join(root, 'topology/empty'), '');
      },
      () => {
        writeFileSync(join(root, COMPOSE_FILE), 'services: {}');
      },
    ];
    for (const change of changes) {
      change();
      seen.add(hashInputs(root));
    }
    expect(seen.size).to.equal(changes.length + 1);
  });

  it('changes when bytes move from one file into its neighbour', () => {
    writeFileSync(join(root, 'topology/a'), 'xy');
    writeFileSync(join(root, 'topology/b'), '');
    const before = hashInputs(root);
    writeFileSync(join(root, 'topology/a'), 'x');
    writeFileSync(join(root, 'topology/b'), 'y');
    expect(hashInputs(root)).to.not.equal(before);
  });

  it('changes with the image tag', () => {
    expect(hashInputs(root, 'dev')).to.not.equal(hashInputs(root, 'next'));
  });

  it('hashes a clone without a topology', () => {
    rmSync(join(root, 'topology'), { recursive: true });
    expect(hashInputs(root)).to.match(/^[0-9a-f]{64}$/);
  });

  it('is read back as written, and not at all when it is torn or of another version', () => {
    expect(readStamp(root)).to.equal(undefined);
    writeStamp(root, 'h', { 'chaos-base/debian:bookworm': 'sha256:1' });
    expect(readStamp(root)).to.deep.equal({
      version: 1,
      inputs: 'h',
      images: { 'chaos-base/debian:bookworm': 'sha256:1' },
    });
    for (const content of [
      '{"version":1,"inp',
      '{"version":99,"inputs":"h","images":{}}',
      '{"version":1,"inputs":"h","images":{"a":1}}',
      '[]',
    ]) {
      writeFileSync(join(root, '.chaos/setup.json'), content);
      expect(readStamp(root), content).to.equal(undefined);
    }
  });

  it('says why there is work to do', () => {
    const stamp = { version: 1, inputs: 'h', images: { a: '1', b: '2' } } as const;
    expect(staleness(stamp, 'h', { a: '1', b: '2', other: '3' })).to.equal(undefined);
    expect(staleness(undefined, 'h', {})).to.equal('never set up here');
    expect(staleness(stamp, 'i', { a: '1', b: '2' })).to.equal('the topology changed');
    expect(staleness(stamp, 'h', { a: '1' })).to.equal('the image b is gone');
    expect(staleness(stamp, 'h', { a: '1', b: '9' })).to.equal('the image b was replaced');
  });
});
