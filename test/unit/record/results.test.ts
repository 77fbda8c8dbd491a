import { expect } from 'chai';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunDocument } from '../../../harness/core/record/run.ts';
import { addToResults, writeResults } from '../../../harness/record/results.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { sampleRun } from '../../helpers/samples/run.ts';

/** Makes the disk full for one file: what is written in its place goes to a device that takes nothing. */
const fullFor = (dir: string, file: string): void => symlinkSync('/dev/full', join(dir, `${file}.${process.pid}.new`));

async function written(
  dir: string,
  warned: string[] = [],
  writeIndex: () => void = () => undefined,
): Promise<RunDocument> {
  return writeResults(dir, sampleRun(), {
    reporters: [{ name: 'summary', file: 'summary.md', render: () => 'all is well' }],
    openStore: () => Promise.reject(new Error('no store here')),
    writeIndex,
    redact: (text) => text,
    warn: (message) => void warned.push(message),
  });
}
const onDisk = (dir: string): RunDocument => JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as RunDocument;

describe('the results of a run', () => {
  it('name no file when all are written', async () => {
    const dir = temporaryFolder();
    const document = await written(dir);
    expect(document).to.include({ verdict: 'PASS', exit_code: 0 }).and.not.have.property('unwritten');
    expect(onDisk(dir)).to.include({ exit_code: 0 });
  });

  it('keep what others were told, which the record does not have, when they are made again', async () => {
    const dir = temporaryFolder();
    await written(dir);
    const told = [{ news: 'verdict', to: 'slack', delivered: true, tries: 1 }] as const;
    const judged = sampleRun({ document: { told } });
    addToResults(dir, judged, { redact: (text) => text, warn: () => undefined });
    expect(onDisk(dir).told).to.deep.equal(told);
    await written(dir);
    expect(onDisk(dir).told).to.deep.equal(told);
  });

  it('are whole without the page over all runs, with a warning', async () => {
    const [dir, warned]: [string, string[]] = [temporaryFolder(), []];
    const document = await written(dir, warned, () => {
      throw new Error('no room');
    });
    expect(document).to.include({ verdict: 'PASS', exit_code: 0 }).and.not.have.property('unwritten');
    expect(warned.at(-1)).to.equal('the page over all runs is not up to date: no room');
  });

  it('name a report that a full disk did not take, in run.json too, and a PASS does not end with 0 (case H10)', async () => {
    const dir = temporaryFolder();
    fullFor(dir, 'summary.md');
    const warned: string[] = [];
    const document = await written(dir, warned);
    expect(document).to.include({ verdict: 'PASS', exit_code: 3 });
    expect(document.unwritten?.map(({ file, code }) => `${file} ${code}`)).to.deep.equal([
      'summary.md CHAOS_DISK_FULL',
    ]);
    expect(onDisk(dir).unwritten).to.deep.equal(document.unwritten);
    expect(warned[0]).to.include('CHAOS_DISK_FULL: summary.md');
  });

  it('are given when run.json itself cannot be written (case H10)', async () => {
    const dir = temporaryFolder();
    fullFor(dir, 'run.json');
    const document = await written(dir);
    expect(document).to.include({ verdict: 'PASS', exit_code: 3 });
    expect(document.unwritten?.map(({ file }) => file)).to.deep.equal(['run.json']);
    expect(readFileSync(join(dir, 'summary.md'), 'utf8')).to.equal('all is well');
  });
});
