import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ScrapeTarget } from '../../../harness/core/topology/monitoring.ts';
import { targetsRead } from '../../../harness/run/targets-read.ts';
import { ManualClock } from '../../helpers/doubles/clock.ts';

const target = (name: string, tried: boolean): ScrapeTarget => ({ url: `http://${name}/metrics`, tried });

/** Waits for a Prometheus whose targets are these at a time, milliseconds after the beginning. */
async function wait(at: (ms: number) => readonly ScrapeTarget[], signal = new AbortController().signal) {
  const clock = new ManualClock();
  const began = clock.now();
  const monitoring = {
    targets: () => {
      try {
        return Promise.resolve(at(clock.now() - began));
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
  const missing = await clock.through(targetsRead({ monitoring, clock, signal }));
  return { missing, ms: clock.now() - began };
}

describe('the first reading of what Prometheus watches', () => {
  it('is not waited for when everything was read, also when it is down', async () => {
    const { missing, ms } = await wait(() => [target('a', true), target('down', true)]);
    expect(missing).to.equal(undefined);
    expect(ms).to.be.lessThan(1_000);
  });

  it('is waited for: no targets yet, then targets that were not read, then an answer', async () => {
    const { missing, ms } = await wait((t) => {
      if (t < 2_000) throw new Error('connection refused');
      return t < 6_000 ? [] : [target('a', true), target('b', t >= 20_000)];
    });
    expect(missing).to.equal(undefined);
    expect(ms).to.be.within(20_000, 21_500);
  });

  it('has a bound, and then it is said what is missing', async () => {
    const late = await wait(() => [target('a', true), ...'bcdef'.split('').map((name) => target(name, false))]);
    expect(late.ms).to.be.within(40_000, 41_500);
    expect(late.missing).to.equal(
      'Prometheus has not read http://b/metrics, http://c/metrics, http://d/metrics and 2 more',
    );
    expect((await wait(() => [])).missing).to.equal('Prometheus has no target yet');
    const gone = await wait(() => {
      throw new Error('connection refused');
    });
    expect(gone.missing).to.equal('connection refused');
  });

  it('ends at once when the run is to end', async () => {
    const ending = new AbortController();
    const ended = wait(() => [], ending.signal).then(
      () => 'waited',
      (error: Error) => error.message,
    );
    ending.abort(new Error('stop'));
    expect(await ended).to.equal('stop');
  });
});
