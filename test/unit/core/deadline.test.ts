import { expect } from 'chai';
import { describe, it } from 'mocha';
import { unlessAborted } from '../../../harness/core/deadline.ts';

const reason = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('unlessAborted', () => {
  it('settles as the work does when the signal is not aborted', async () => {
    const abort = new AbortController();
    expect(await unlessAborted(abort.signal, Promise.resolve(7))).to.equal(7);
    expect(await reason(unlessAborted(abort.signal, Promise.reject(new Error('its own'))))).to.have.property(
      'message',
      'its own',
    );
    abort.abort();
  });

  it('rejects with the reason of the signal once the signal is aborted, and ignores how work ends', async () => {
    const abort = new AbortController();
    const late = Promise.withResolvers<never>();
    const waiting = reason(unlessAborted(abort.signal, late.promise));
    abort.abort(new Error('enough'));
    expect(await waiting).to.have.property('message', 'enough');
    expect(await reason(unlessAborted(abort.signal, late.promise))).to.have.property('message', 'enough');
    late.reject(new Error('late'));
  });
});
