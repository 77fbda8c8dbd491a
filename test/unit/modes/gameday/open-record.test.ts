import { expect } from 'chai';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { GameDay } from '../../../../harness/core/gameday/gameday.ts';
import {
  beginGameday,
  fileOfGameday,
  folderFor,
  resumeGameday,
} from '../../../../harness/modes/gameday/open-record.ts';
import { listRuns } from '../../../../harness/record/folders.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { temporaryFolder } from '../../../helpers/samples/folder.ts';
import { NINE, plannedInject, sampleDay } from '../../../helpers/samples/gameday.ts';

const day = sampleDay([plannedInject(1, 'announced'), plannedInject(2, 'hidden', 'disk')]);
const inject = 'inject-1';
const recording = { clock: new ManualClock(NINE), redact: (text: string) => text.replaceAll('hunter2', '***') };

function begun(of: GameDay = day) {
  const reports = temporaryFolder();
  return { reports, record: beginGameday(of, folderFor(of, reports), recording) };
}

describe('the record of a game day', () => {
  it('has a folder of its own, which `chaos list` shows while this process is at work', () => {
    const { reports, record } = begun();
    const [listed] = listRuns(reports);
    expect(listed).to.include({ kind: 'gameday', title: day.title, verdict: 'RUNNING', dir: record.dir });
    expect(listed?.run).to.match(/-gameday-saturday-[0-9a-f]{4}$/);
    expect(fileOfGameday(record.dir)).to.equal(day.file);
  });

  it('keeps no secret that people write', () => {
    const { record } = begun();
    record.add({ kind: 'note', note: 'n', tag: 'moment', at: 1, text: 'the password is hunter2' });
    expect(readFileSync(join(record.dir, 'gameday.ndjson'), 'utf8')).not.to.include('hunter2');
    expect(record.state.notes[0]?.text).to.equal('the password is ***');
  });

  it('never goes back in time, also when somebody sets the clock back', () => {
    const clock = new ManualClock(NINE);
    const record = beginGameday(day, folderFor(day, temporaryFolder()), { ...recording, clock });
    record[Symbol.dispose]();
    const earlier = resumeGameday(day, record.dir, { ...recording, clock: new ManualClock(NINE - 60_000) });
    expect(earlier.events.map(({ t }) => t)).to.deep.equal([NINE, NINE]);
  });

  it('goes on with a line that a crash cut short, and without it', () => {
    const { record } = begun();
    record[Symbol.dispose]();
    writeFileSync(join(record.dir, 'gameday.ndjson'), '{"t":1,"seq":2,"kind":"no', { flag: 'a' });
    const next = resumeGameday(day, record.dir, recording);
    expect(next.events.map(({ kind, seq }) => [kind, seq])).to.deep.equal([
      ['opened', 1],
      ['continued', 2],
    ]);
  });

  it('says what became of an inject that was at work: its guardian has put it back, or could not', () => {
    for (const restored of [true, false]) {
      const { reports, record } = begun();
      const dir = join(reports, 'run-1');
      record.add({ kind: 'armed', inject });
      record.add({ kind: 'runs', inject, run: 'run-1', dir });
      record.add({ kind: 'ordered', inject });
      record.add({ kind: 'injected', inject, at: NINE });
      record[Symbol.dispose]();
      mkdirSync(dir);
      const healed = new Date(NINE + 4_000).toISOString();
      const verdict = restored ? 'INTERRUPTED' : 'NOT RESTORED';
      writeFileSync(join(dir, 'run.json'), JSON.stringify({ run: 'run-1', verdict, restored, faults: [{ healed }] }));
      const [one] = resumeGameday(day, record.dir, recording).state.injects;
      expect(one).to.deep.include({ stage: 'broken', verdict, restored, healed: NINE + 4_000 });
    }
  });

  it('is not resumed with another agenda, nor when it is closed', () => {
    const { record } = begun();
    record[Symbol.dispose]();
    const other = sampleDay([plannedInject(1, 'announced', 'something else'), plannedInject(2, 'hidden', 'disk')]);
    expect(() => resumeGameday(other, record.dir, recording))
      .to.throw('has changed')
      .with.property('code', 'CHAOS_GAMEDAY_CHANGED');
    const again = resumeGameday({ ...day, title: 'Another title' }, record.dir, recording);
    again.add({ kind: 'closed' });
    again[Symbol.dispose]();
    expect(() => resumeGameday(day, record.dir, recording))
      .to.throw('is closed')
      .with.property('code', 'CHAOS_GAMEDAY_STATE');
  });
});
