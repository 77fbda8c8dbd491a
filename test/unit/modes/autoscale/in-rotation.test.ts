import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ContainerRef } from '../../../../harness/core/topology/state.ts';
import { inRotation } from '../../../../harness/modes/autoscale/in-rotation.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { MemoryTopology } from '../../../helpers/doubles/topology.ts';

/** Waits for the replicas of the app. `answered`: how many requests a container has answered by this time, ms. */
async function wait(answered: (name: string, ms: number) => number | undefined, topology = new MemoryTopology()) {
  const clock = new ManualClock();
  const [begun, did] = [clock.now(), [] as string[]];
  const interruption = new AbortController();
  const work = inRotation({
    topology,
    clock,
    service: 'app',
    answered: ({ name }: ContainerRef) => Promise.resolve(answered(name, clock.now() - begun)),
    lightLoad: async () => {
      did.push('load');
      return { [Symbol.asyncDispose]: async () => void did.push('no load') };
    },
    signal: interruption.signal,
  });
  const error: unknown = await clock.through(
    work.catch((reason: unknown) => reason),
    100,
  );
  return { error, tookMs: clock.now() - begun, did };
}

describe('waiting until replicas get requests', () => {
  it('ends when each has answered a request of the light load', async () => {
    const { error, tookMs, did } = await wait((name, ms) => (name.endsWith('-2') ? Number(ms > 25_000) : ms));
    expect(error).to.equal(undefined);
    expect(tookMs).to.be.within(25_000, 27_000);
    expect(did).to.deep.equal(['load', 'no load']);
  });

  it('counts no answers from before, and warms up for ten seconds where nobody counts', async () => {
    const { error } = await wait((name) => (name.endsWith('-1') ? 400 : undefined));
    expect(String(error)).to.match(/chaos-app-1 got no request/);
    const { tookMs } = await wait(() => undefined);
    expect(tookMs).to.be.within(10_000, 10_500);
  });

  it('gives up when a replica gets no request or is not healthy, and ends the load', async () => {
    const idle = await wait((name, ms) => (name.endsWith('-3') ? 0 : ms));
    expect(idle.error).to.include({ code: 'CHAOS_NOT_HEALTHY', exit: 'not-ready' });
    expect(idle.did).to.deep.equal(['load', 'no load']);
    const topology = new MemoryTopology();
    topology.health = () => Promise.resolve({ healthy: false, waitingFor: ['chaos-app-2 is starting'] });
    const ill = await wait(() => 1, topology);
    expect(String(ill.error)).to.include('chaos-app-2 is starting');
    expect(ill.did).to.deep.equal([]);
  });
});
