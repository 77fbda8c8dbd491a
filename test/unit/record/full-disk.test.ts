import { expect } from 'chai';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { writeWhole } from '../../../harness/disk/whole.ts';
import { UndoJournal } from '../../../harness/heal/journal.ts';
import { EventLog, readEvents } from '../../../harness/record/event-log.ts';
import { smallDisk, type SmallDisk } from '../../helpers/full-disk.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

const note = (t: number): RunEvent => ({ kind: 'note', t, message: 'x'.repeat(300) });
const FULL = { code: 'CHAOS_DISK_FULL', exit: 'not-ready' };

/** Calls the test with a small disk. Skips the test where this user may not mount one. */
const onSmallDisk = (work: (disk: SmallDisk) => void) =>
  function (this: Mocha.Context): void {
    using disk = smallDisk(64);
    if (disk === undefined) this.skip();
    else work(disk);
  };

describe('a full disk (case H10)', () => {
  it('is named by the journal, because then no fault may begin', () => {
    const dir = temporaryFolder();
    symlinkSync('/dev/full', join(dir, 'undo.ndjson'));
    using journal = new UndoJournal(dir);
    const container = { id: 'c', name: 'c', service: 'app' };
    expect(() => journal.record({ id: 'kill-1', step: { do: 'start-container', container } }))
      .to.throw()
      .that.includes(FULL);
  });

  it('is named by the events that must be on disk, and told of by all others', () => {
    const dir = temporaryFolder();
    symlinkSync('/dev/full', join(dir, 'events.ndjson'));
    const seen: string[] = [];
    const log = new EventLog(dir, [{ onEvent: (e) => void seen.push(e.kind), close: () => undefined }], (text) => text);
    log.emit(note(1));
    expect(log.failure).to.include(FULL);
    expect(() => log.emit({ t: 2, kind: 'fault.injecting', id: 'kill-1', fault: 'kill', params: {} }))
      .to.throw()
      .that.includes(FULL);
    expect(log.lost?.events.map((e) => e.kind)).to.deep.equal(['note', 'fault.injecting']);
    expect(seen).to.deep.equal(['note', 'fault.injecting']);
  });

  it(
    'leaves no gap and no half line: what it did not take is written when there is room again',
    onSmallDisk((disk) => {
      using log = new EventLog(disk.dir, [], (text) => text);
      // A page of 4 KiB holds about 12 of these events, so the disk becomes full in the middle of a line.
      for (let t = 1; t <= 5; t += 1) log.emit(note(t));
      disk.fill();
      for (let t = 6; t <= 40; t += 1) log.emit(note(t));
      expect(log.failure).to.include(FULL);
      const before = readFileSync(join(disk.dir, 'events.ndjson'), 'utf8');
      expect(before.endsWith('\n')).to.equal(true);
      expect(before.trim().split('\n')).to.have.lengthOf(40 - (log.lost?.events.length ?? 0));
      disk.free();
      log.emit(note(41));
      expect(log.failure).to.equal(undefined);
      expect(readEvents(disk.dir).map((e) => e.t)).to.deep.equal(Array.from({ length: 41 }, (_, i) => i + 1));
    }),
  );

  it(
    'keeps the old content of a file that is replaced, and no draft',
    onSmallDisk((disk) => {
      const path = join(disk.dir, 'run.json');
      writeWhole(path, 'old');
      disk.fill();
      expect(() => writeWhole(path, 'new'.repeat(2_000)))
        .to.throw()
        .that.includes(FULL);
      expect(readFileSync(path, 'utf8')).to.equal('old');
      disk.free();
      writeWhole(path, 'new');
      expect(readFileSync(path, 'utf8')).to.equal('new');
    }),
  );
});
