import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { systemClock } from '../../../../harness/core/clock.ts';
import { clockOrigin } from '../../../../harness/load/thread/thread-clock.ts';

const CLOCK = new URL('../../../../harness/load/thread/thread-clock.ts', import.meta.url);

describe('the clock of another thread', () => {
  it("reads the main thread's time", async () => {
    const source = `
      import { workerData, parentPort } from 'node:worker_threads';
      import { clockFrom, clockOrigin } from '${CLOCK.href}';
      const { epoch, monotonic } = clockOrigin({ now: clockFrom(workerData) });
      parentPort.postMessage(epoch - monotonic);`;
    const origin = clockOrigin(systemClock);
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: origin });
    const [difference] = (await once(worker, 'message')) as [number];
    expect(difference).to.be.closeTo(origin.epoch - origin.monotonic, 0.2);
  });
});
