import { expect } from 'chai';
import { describe, it } from 'mocha';
import { EventLog, readEvents } from '../../../harness/engine/event-log.ts';
import { temporaryFolder } from '../../helpers/sample-folder.ts';

describe('the record of events', () => {
  it('takes nothing more when it is closed: what a run left behind and comes late is dropped', () => {
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
