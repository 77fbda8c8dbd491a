import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EventLog, readEvents } from '../../../harness/record/event-log.ts';
import { temporaryFolder } from '../../helpers/samples/folder.ts';

describe('the record of events', () => {
  it('accepts no event after it is closed, so that a late event of the run is dropped', () => {
    const dir = temporaryFolder();
    const seen: string[] = [];
    const log = new EventLog(dir, [{ onEvent: (e) => void seen.push(e.kind), close: () => undefined }], (text) => text);
    log.emit({ t: 1, kind: 'note', message: 'in time' });
    log[Symbol.dispose]();
    log.emit({ t: 2, kind: 'note', message: 'late' });
    expect(readEvents(dir)).to.deep.equal([{ t: 1, kind: 'note', message: 'in time' }]);
    expect(seen).to.deep.equal(['note']);
  });
});
