import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/events.ts';
import type { Subscriber } from '../../../harness/core/run.ts';
import { EventLog, EVENTS_FILE, readEvents } from '../../../harness/engine/event-log.ts';
import { type JournalEntry, readJournal, UndoJournal } from '../../../harness/engine/journal.ts';
import { readWrites } from '../../../harness/engine/record.ts';

const plain = (text: string): string => text;
const note = (t: number, message = 'x'): RunEvent => ({ kind: 'note', t, message });
const folder = (): string => mkdtempSync(join(tmpdir(), 'lines-'));

function writeEvents(dir: string, events: readonly RunEvent[], subscribers: readonly Subscriber[] = []): void {
  using log = new EventLog(dir, subscribers, plain);
  events.forEach((event) => log.emit(event));
}

describe('the event log', () => {
  it('gives back what was written, in the order of its time', () => {
    const dir = folder();
    writeEvents(dir, [note(3), note(1), note(2)]);
    expect(readEvents(dir).map((e) => e.t)).to.deep.equal([1, 2, 3]);
  });

  it('a line that a crash tore is left out, and takes nothing that follows with it', () => {
    const dir = folder();
    writeEvents(dir, [note(1), note(2)]);
    const whole = readFileSync(join(dir, EVENTS_FILE), 'utf8');
    for (let cut = 1; cut < 12; cut += 1) {
      writeFileSync(join(dir, EVENTS_FILE), whole.slice(0, -cut));
      const before = readEvents(dir).length;
      // As the guardian goes on with a dead run's record.
      writeEvents(dir, [{ kind: 'interrupted', t: 3, by: 'killed' }]);
      expect(readEvents(dir).slice(before), `cut by ${cut}`).to.deep.equal([
        { kind: 'interrupted', t: 3, by: 'killed' },
      ]);
    }
  });

  it('writes no secret', () => {
    const dir = folder();
    using log = new EventLog(dir, [], (text) => text.replaceAll('hunter22', '***'));
    log.emit(note(1, 'password hunter22'));
    expect(readFileSync(join(dir, EVENTS_FILE), 'utf8')).to.equal('{"kind":"note","t":1,"message":"password ***"}\n');
  });

  it('a watcher that throws costs neither the record nor the other watchers', () => {
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

  it('is read newest first, and is empty where there is none', () => {
    const dir = folder();
    expect(readJournal(dir)).to.deep.equal([]);
    using journal = new UndoJournal(dir);
    [1, 2, 3].forEach((n) => journal.record(entry(n)));
    expect(readJournal(dir)).to.deep.equal([entry(3), entry(2), entry(1)]);
  });

  it('torn anywhere in its last line, it still gives the whole ones', () => {
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
  it('is empty where the load never began', () => {
    expect(readWrites(folder())).to.deep.equal([]);
  });
});
