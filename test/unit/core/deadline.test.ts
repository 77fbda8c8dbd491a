import { expect } from 'chai';
import { describe, it } from 'mocha';
import { unlessAborted } from '../../../harness/core/deadline.ts';

const reason = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('work that may be left behind', () => {
  it('answers while nobody aborts, and hears no more of the signal then', async () => {
    const abort = new AbortController();
    expect(await unlessAborted(abort.signal, Promise.resolve(7))).to.equal(7);
    expect(await reason(unlessAborted(abort.signal, Promise.reject(new Error('its own'))))).to.have.property(
      'message',
      'its own',
    );
    abort.abort();
  });

  it('is left as soon as somebody aborts, or had; what becomes of it then troubles nobody', async () => {
    const abort = new AbortController();
    const late = Promise.withResolvers<never>();
    const waiting = reason(unlessAborted(abort.signal, late.promise));
    abort.abort(new Error('enough'));
    expect(await waiting).to.have.property('message', 'enough');
    expect(await reason(unlessAborted(abort.signal, late.promise))).to.have.property('message', 'enough');
    late.reject(new Error('late'));
  });
});
