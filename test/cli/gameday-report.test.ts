import { expect } from 'chai';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { processId } from '../../harness/disk/process-id.ts';
import { temporaryFolder } from '../helpers/samples/folder.ts';
import { recordedWhole } from '../helpers/samples/gameday-record.ts';
import { commandLine } from './world.ts';

const NAME = '20261128T090000Z-gameday-made-up-3f9a';
const FILES = ['report.html', 'report.md', 'actions.md', 'actions.csv', 'actions.json'];

/** A folder of reports with the record of one game day. */
function recorded(events = recordedWhole().events, more: object = {}): string {
  const reports = temporaryFolder();
  const dir = join(reports, NAME);
  mkdirSync(dir);
  writeFileSync(join(dir, 'gameday.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const header = { schema_version: 1, run: NAME, title: 'A made-up Saturday', started: '2026-11-28T09:00:00.000Z' };
  writeFileSync(join(dir, 'gameday.json'), JSON.stringify({ ...header, ...more }));
  return reports;
}

describe('chaos gameday report', () => {
  it('writes every file of the report again from the record alone', async () => {
    const reports = recorded();
    const chaos = commandLine();
    const first = await chaos.run('gameday', 'report', '3f9a', '--reports', reports);
    expect(first.code, first.stderr).to.equal(0);
    const paths = FILES.map((file) => join(reports, NAME, file));
    expect(first.stdout.trim().split('\n')).to.deep.equal(paths);
    const texts = paths.map((path) => readFileSync(path, 'utf8'));
    paths.forEach((path) => rmSync(path));
    const again = await chaos.run('gameday', 'report', join(reports, NAME), '--json');
    expect(again.json()).to.deep.include({ schema_version: 1, verdict: 'ABORTED', dir: join(reports, NAME) });
    expect(paths.map((path) => readFileSync(path, 'utf8'))).to.deep.equal(texts);
  });

  it('refuses a day that is still held, one without a beginning, and one that is not there', async () => {
    const chaos = commandLine();
    const held = await chaos.run(
      'gameday',
      'report',
      '--reports',
      recorded(undefined, { runner: processId(process.pid) }),
    );
    expect(held.code).to.equal(2);
    expect(held.stderr).to.include('CHAOS_GAMEDAY_STATE').and.include('still held');
    const torn = await chaos.run('gameday', 'report', '--reports', recorded(recordedWhole().events.slice(1)));
    expect(torn.code).to.equal(2);
    expect(torn.stderr).to.include('CHAOS_RECORD_DAMAGED');
    const none = await chaos.run('gameday', 'report', 'nobody', '--reports', recorded());
    expect(none.code).to.equal(2);
    expect(none.stderr).to.include('CHAOS_NO_RUN');
  });
});
