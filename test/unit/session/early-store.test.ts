import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import type { ResultStore } from '../../../harness/core/record/run.ts';
import { EarlyStore } from '../../../harness/session/early-store.ts';

const ENDED: RunEvent = {
  t: 1,
  kind: 'load.ended',
  totals: { planned: 0, sent: 0, ok: 0, failed: 0, dropped: 0, utilisation: 0 },
};

/** A database that counts how often it is opened and closed. */
function counted() {
  const count = { opened: 0, closed: 0 };
  const open = (): Promise<ResultStore> => {
    count.opened += 1;
    const close = (): Promise<void> => Promise.resolve(void (count.closed += 1));
    return Promise.resolve({
      save: () => Promise.resolve(),
      runs: () => Promise.resolve([]),
      remove: () => Promise.resolve(),
      [Symbol.asyncDispose]: close,
    });
  };
  return { count, open };
}

describe('the results database of a run', () => {
  it('is opened when the load has ended, once, and belongs to whoever takes it', async () => {
    const { count, open } = counted();
    {
      await using store = new EarlyStore(open, () => true);
      store.onEvent({ t: 0, kind: 'note', message: '' });
      expect(count).to.deep.equal({ opened: 0, closed: 0 });
      store.onEvent(ENDED);
      expect(count).to.deep.equal({ opened: 1, closed: 0 });
      await using taken = await store.take();
      expect(await taken.runs()).to.deep.equal([]);
      expect(count).to.deep.equal({ opened: 1, closed: 0 });
    }
    expect(count).to.deep.equal({ opened: 1, closed: 1 });
  });

  it('is opened when it is taken, if the load never ended', async () => {
    const { count, open } = counted();
    await using store = new EarlyStore(open, () => true);
    await using _ = await store.take();
    expect(count.opened).to.equal(1);
  });

  it('is closed when nobody takes it, and is not opened by a process that must leave', async () => {
    for (const [inTime, opened] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const { count, open } = counted();
      {
        await using store = new EarlyStore(open, () => inTime);
        store.onEvent(ENDED);
      }
      expect(count).to.deep.equal({ opened, closed: opened });
    }
  });

  it('gives the error of its opening to whoever takes it, and to nobody else', async () => {
    await using store = new EarlyStore(
      () => Promise.reject(new Error('busy')),
      () => true,
    );
    store.onEvent(ENDED);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await store.take().catch((error: Error) => error.message)).to.equal('busy');
  });
});
