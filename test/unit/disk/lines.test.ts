import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { Subscriber } from '../../../harness/core/record/run.ts';
import { EventLog, EVENTS_FILE, readEvents } from '../../../harness/record/event-log.ts';
import type { JournalEntry } from '../../../harness/core/topology/undo.ts';
import { readJournal, UndoJournal } from '../../../harness/heal/journal.ts';
import { readWrites } from '../../../harness/record/read.ts';

const plain = (text: string): string => text;
const note = (t: number, message = 'x'): RunEvent => ({ kind: 'note', t, message });
const folder = (): string => mkdtempSync(join(tmpdir(), 'lines-'));

function writeEvents(dir: string, events: readonly RunEvent[], subscribers: readonly Subscriber[] = []): void {
  using log = new EventLog(dir, subscribers, plain);
  events.forEach((event) => log.emit(event));
}

describe('the event log', () => {
  it('returns the written events in the order of their times', () => {
    const dir = folder();
    writeEvents(dir, [note(3), note(1), note(2)]);
    expect(readEvents(dir).map((e) => e.t)).to.deep.equal([1, 2, 3]);
  });

  it('leaves out a line that a crash cut off, and keeps the lines after it', () => {
    const dir = folder();
    writeEvents(dir, [note(1), note(2)]);
    const whole = readFileSync(join(dir, EVENTS_FILE), 'utf8');
    for (let cut = 1; cut < 12; cut += 1) {
      writeFileSync(join(dir, EVENTS_FILE), whole.slice(0, -cut));
      const before = readEvents(dir).length;
      // The guardian continues the record of a dead run in this way.
      writeEvents(dir, [{ kind: 'interrupted', t: 3, by: 'killed' }]);
      expect(readEvents(dir).slice(before), `cut by ${cut}`).to.deep.equal([
        { kind: 'interrupted', t: 3, by: 'killed' },
      ]);
    }
  });

  it('contains no secret', () => {
    const dir = folder();
    using log = new EventLog(dir, [], (text) => text.replaceAll('hunter22', '***'));
    log.emit(note(1, 'password hunter22'));
    expect(readFileSync(join(dir, EVENTS_FILE), 'utf8')).to.equal('{"kind":"note","t":1,"message":"password ***"}\n');
  });

  it('keeps its record and serves the other subscribers when a subscriber throws', () => {
    const dir = folder();
    const seen: RunEvent[] = [];
    const bad: Subscriber = {
      onEvent: () => {
        throw new Error('no terminal');
      },
      close: () => undefined,
    };
    writeEvents(dir, [note(1)], [bad, { onEvent: (event) => void seen.push(event), close: () => undefined }]);
    expect(seen).to.have.lengthOf(1);
    expect(readEvents(dir)).to.have.lengthOf(1);
  });
});

describe('the undo journal', () => {
  const entry = (n: number): JournalEntry => ({
    id: `kill-${n}`,
    step: { do: 'start-container', container: { id: `c${n}`, name: `chaos-app-${n}`, service: 'app' } },
  });

  it('is read with the newest entry first, and is empty when there is no file', () => {
    const dir = folder();
    expect(readJournal(dir)).to.deep.equal([]);
    using journal = new UndoJournal(dir);
    [1, 2, 3].forEach((n) => journal.record(entry(n)));
    expect(readJournal(dir)).to.deep.equal([entry(3), entry(2), entry(1)]);
  });

  it('gives all whole lines when its last line is cut off anywhere', () => {
    const dir = folder();
    using journal = new UndoJournal(dir);
    journal.record(entry(1));
    const torn = JSON.stringify(entry(2));
    const path = join(dir, 'undo.ndjson');
    const whole = readFileSync(path, 'utf8');
    for (let length = 1; length < torn.length; length += 1) {
      writeFileSync(path, whole);
      appendFileSync(path, torn.slice(0, length));
      expect(readJournal(dir), torn.slice(0, length)).to.deep.equal([entry(1)]);
    }
  });
});

describe('the record of writes', () => {
  it('is empty when the load never began', () => {
    expect(readWrites(folder())).to.deep.equal([]);
  });
});
