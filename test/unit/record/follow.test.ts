import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { systemClock } from '../../../harness/core/clock.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { EventLog, readEvents } from '../../../harness/record/event-log.ts';
import { type Followed, follow } from '../../../harness/record/follow.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';
import { Growing, keptEvents } from '../../helpers/replay.ts';

const note = (message: string, t = 1): RunEvent => ({ t, kind: 'note', message });

/** Follows a record until so many events were given. */
async function firstOf(count: number, dir: string, meanwhile: () => void = () => undefined): Promise<Followed[]> {
  const over = new AbortController();
  const seen: Followed[] = [];
  meanwhile();
  for await (const events of follow(dir, systemClock, over.signal)) {
    seen.push(...events);
    if (seen.length >= count) over.abort();
  }
  return seen;
}

describe('following a record', function () {
  // A hang guard.
  this.timeout(20_000);

  it('gives every event of a finished record, each with the place where its line ends', async () => {
    const record = new Growing('whole');
    const events = keptEvents('v2-app-replica-kill');
    record.add(...events);
    const seen = await firstOf(events.length, record.dir);
    expect(seen.map(({ event }) => event)).to.deep.equal(readEventsAsWritten(record.dir));
    const bytes = readFileSync(join(record.dir, 'events.ndjson'));
    expect(seen.at(-1)?.end).to.equal(bytes.length);
    for (const { end } of seen.slice(0, 50)) expect(bytes[end - 1]).to.equal(0x0a);
  });

  it('waits for a record that does not exist yet, and gives later events as they are written', async () => {
    const dir = temporaryFolder();
    const seen = await firstOf(3, dir, () => {
      setTimeout(() => {
        using log = new EventLog(dir, [], (text) => text);
        for (const message of ['a', 'b', 'c']) log.emit(note(message));
      }, 150);
    });
    expect(seen.map(({ event }) => event)).to.deep.equal([note('a'), note('b'), note('c')]);
  });

  it('reads no part of a line, also when the part ends within a character', async () => {
    const record = new Growing('parts');
    const line = JSON.stringify(note('Größe, 大小'));
    record.add(note('first'));
    record.addText(line.slice(0, 40));
    const seen = await firstOf(2, record.dir, () => {
      setTimeout(() => record.addText(`${line.slice(40)}\n`), 250);
    });
    expect(seen.map(({ event }) => event)).to.deep.equal([note('first'), note('Größe, 大小')]);
  });

  it('leaves out a line that is no JSON, and gives a line that is longer than a part of the file', async () => {
    const record = new Growing('odd');
    record.addText('{"t":1,"kind":"no\n');
    record.add(note('x'.repeat(700_000)), note('after'));
    const seen = await firstOf(2, record.dir);
    expect(seen.map(({ event }) => (event.kind === 'note' ? event.message.length : 0))).to.deep.equal([700_000, 5]);
  });

  it('gives the events of an earlier version in the form of this version', async () => {
    const record = new Growing('earlier');
    record.addText(
      `${JSON.stringify({ t: 1, kind: 'wait.started', id: 'wait-1', wait: { role: 'x' }, within_ms: 1_000 })}\n`,
    );
    const [seen] = await firstOf(1, record.dir);
    expect(seen?.event).to.include({ kind: 'step.began', id: 'wait-1', step: 'wait' });
  });

  it('ends when its signal is aborted, also while nothing is written', async () => {
    const over = new AbortController();
    setTimeout(() => over.abort(new Error('enough')), 50);
    for await (const events of follow(temporaryFolder(), systemClock, over.signal)) expect(events).to.deep.equal([]);
  });
});

/** The events of a file are in the order in which they were written, and a reader sorts them by their time. */
function readEventsAsWritten(dir: string): RunEvent[] {
  const lines = readFileSync(join(dir, 'events.ndjson'), 'utf8').trimEnd().split('\n');
  expect(readEvents(dir)).to.have.lengthOf(lines.length);
  return lines.map((line) => JSON.parse(line) as RunEvent);
}
