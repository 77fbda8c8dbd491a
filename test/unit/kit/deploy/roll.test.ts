import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ChaosError } from '../../../../harness/core/errors.ts';
import type { DeployEndNews, DeployNews, DeployStepNews } from '../../../../harness/core/record/deploy.ts';
import type { Hold } from '../../../../harness/core/topology/hold.ts';
import type { TopologySpec, UpdateSpec } from '../../../../harness/core/topology/spec.ts';
import type { UndoStep } from '../../../../harness/core/topology/undo.ts';
import { Roll } from '../../../../harness/kit/deploy/roll.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { imageId } from '../../../helpers/doubles/topology/images.ts';
import { MemoryTopology, SPEC } from '../../../helpers/doubles/topology.ts';

const HEALTHY_MS = 30_000;

type Step = Pick<DeployStepNews, 'container' | 'step'> & { readonly at: number };

interface Trial {
  readonly topology: MemoryTopology;
  readonly clock: ManualClock;
  readonly roll: Roll;
  readonly steps: Step[];
  readonly news: DeployNews[];
  /** The ways back, in the order in which they were recorded. */
  readonly back: UndoStep[];
  readonly over: AbortController;
  /** Lets the deploy go on to its end. */
  readonly ended: () => Promise<DeployEndNews>;
}

const withUpdate = (update: Partial<UpdateSpec>): TopologySpec => {
  const app = SPEC.services['app']!;
  return { ...SPEC, services: { ...SPEC.services, app: { ...app, update: { ...app.update!, ...update } } } };
};

/** A deploy of this image that is about to begin. */
async function tried(image: string, update: Partial<UpdateSpec> = {}, topology = new MemoryTopology()): Promise<Trial> {
  const clock = new ManualClock(0);
  const over = new AbortController();
  const [steps, news, back]: [Step[], DeployNews[], UndoStep[]] = [[], [], []];
  const ctx = {
    topology: { spec: withUpdate(update), containers: topology.containers, ask: topology.ask },
    clock,
    signal: over.signal,
    hold: async ({ before, set }: Hold) => {
      const undo = await before();
      back.push(...undo);
      await set();
      return {
        release: async () => {
          for (const step of undo) await topology.undo(step);
        },
      };
    },
    tell: (one: DeployNews) => {
      news.push(one);
      if (one.kind === 'deploy.step') steps.push({ container: one.container, step: one.step, at: clock.now() });
    },
  };
  const roll = await Roll.of(ctx, { service: 'app', image, healthyMs: HEALTHY_MS });
  const ended = async (): Promise<DeployEndNews> => {
    await roll.begin();
    return clock.through(roll.goOn(), 100);
  };
  return { topology, clock, roll, steps, news, back, over, ended };
}

const images = ({ world }: MemoryTopology): Record<string, string> =>
  Object.fromEntries(
    Object.entries(world.containers)
      .filter(([, { service }]) => service === 'app')
      .map(([name, { image }]) => [name, image]),
  );

const all = (image: string): Record<string, string> => ({
  'chaos-app-1': imageId(image),
  'chaos-app-2': imageId(image),
  'chaos-app-3': imageId(image),
});

const of = (steps: readonly Step[], container: string): string[] =>
  steps.filter((one) => one.container === container).map(({ step }) => step);

describe('a deploy', () => {
  it('replaces one container after another: the old one ends when the new one was watched, and the next waits', async () => {
    const { ended, steps, topology, roll } = await tried('{{image}}-good');
    expect(roll.names).to.deep.equal(['chaos-app-1', 'chaos-app-2', 'chaos-app-3']);
    const end = await ended();
    expect(end).to.deep.include({ outcome: 'deployed', touched: 3, failed: 0, service: 'app' });
    expect(end.text).to.equal('3 of 3 containers run chaos/app:dev-good');
    const order = ['created', 'started', 'healthy', 'good', 'draining', 'gone'];
    for (const name of roll.names) expect(of(steps, name), name).to.deep.equal(order);
    expect(steps.map(({ container }) => container)).to.deep.equal(roll.names.flatMap((name) => order.map(() => name)));
    const at = (name: string, step: string): number => steps.find((s) => s.container === name && s.step === step)!.at;
    expect(at('chaos-app-1', 'draining') - at('chaos-app-1', 'healthy')).to.be.within(5_000, 5_500);
    expect(at('chaos-app-2', 'created') - at('chaos-app-1', 'gone')).to.be.within(10_000, 10_500);
    expect(images(topology)).to.deep.equal(all('chaos/app:dev-good'));
  });

  it('ends the old container first with "stop-first", and has its way back before anything changes', async () => {
    const { ended, steps, back, topology } = await tried('{{image}}-good', { order: 'stop-first' });
    await ended();
    expect(of(steps, 'chaos-app-2')).to.deep.equal(['created', 'draining', 'gone', 'started', 'healthy', 'good']);
    expect(images(topology)).to.deep.equal(all('chaos/app:dev-good'));
    expect(back.map((step) => step.do === 'give-image' && [step.container.name, step.image.name])).to.deep.equal([
      ['chaos-app-1', 'chaos/app:dev'],
      ['chaos-app-2', 'chaos/app:dev'],
      ['chaos-app-3', 'chaos/app:dev'],
    ]);
    for (const step of back) await topology.undo(step);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('replaces as many at a time as it may, and all with 0', async () => {
    for (const [parallelism, together] of [
      [2, 2],
      [0, 3],
    ] as const) {
      const { roll, clock, steps } = await tried('{{image}}-good', { parallelism });
      await roll.begin();
      expect(steps.filter(({ step }) => step === 'started')).to.have.lengthOf(together);
      expect(await clock.through(roll.goOn(), 100)).to.include({ outcome: 'deployed', touched: 3 });
    }
  });

  for (const [defect, why] of [
    ['does-not-start', 'ended and was started again, 2 times so far'],
    ['answers-500', 'answered 40 of 40 requests with an error of the server'],
    ['leaks', 'uses 100 % of its memory'],
    ['slow-start', 'was not healthy within 30.0 s'],
  ] as const) {
    it(`goes back by itself when a release ${defect}, before an old container has ended`, async () => {
      const { ended, steps, topology } = await tried(`{{image}}-${defect}`);
      const end = await ended();
      expect(end).to.include({ outcome: 'rolled back', touched: 1, failed: 1, text: `chaos-app-1 ${why}` });
      expect(steps.map(({ step }) => step)).not.to.include('draining');
      expect(steps.at(-1)).to.include({ container: 'chaos-app-1', step: 'given back' });
      expect(topology.wrong).to.deep.equal([]);
    });
  }

  it('ends a bad container at once: until its orderly end it would fail more requests', async () => {
    const { ended, topology } = await tried('{{image}}-answers-500');
    await ended();
    expect(topology.acts).to.deep.equal(['prepareNext', 'startNext', 'kill', 'undo give-image']);
  });

  it('gives back every container that it has replaced, the newest first, when a later one is bad', async () => {
    const { ended, steps, topology } = await tried('{{image}}-good', { delayMs: 1_000 });
    const counters = topology.containers.counters;
    topology.containers.counters = async (name) => ({
      ...(await counters(name)),
      ...(name === 'chaos-app-3-next' ? { memory_free: 0 } : {}),
    });
    const end = await ended();
    expect(end).to.include({ outcome: 'rolled back', touched: 3, failed: 1 });
    const back = steps.filter(({ step }) => step === 'given back').map(({ container }) => container);
    expect(back).to.deep.equal(['chaos-app-3', 'chaos-app-2', 'chaos-app-1']);
    expect(topology.wrong).to.deep.equal([]);
  });

  it('watches a container that it has replaced until the deploy ends', async () => {
    const { ended, clock, topology } = await tried('{{image}}-good');
    const inspect = topology.containers.inspect;
    topology.containers.inspect = async (container) => {
      const state = await inspect(container);
      return container.name === 'chaos-app-1' && clock.now() > 12_000 ? { ...state, health: 'unhealthy' } : state;
    };
    expect(await ended()).to.include({ outcome: 'rolled back', text: 'chaos-app-1 is unhealthy' });
    expect(topology.wrong).to.deep.equal([]);
  });

  it('keeps what is good with "pause", and gives back what was not found good', async () => {
    const { ended, topology } = await tried('{{image}}-good', { failureAction: 'pause' });
    const inspect = topology.containers.inspect;
    topology.containers.inspect = async (container) => {
      const state = await inspect(container);
      return container.name === 'chaos-app-2-next'
        ? { ...state, running: false, status: 'exited', exitCode: 1 }
        : state;
    };
    const end = await ended();
    expect(end).to.include({ outcome: 'paused', text: 'chaos-app-2 is exited, with exit code 1' });
    expect(images(topology)).to.deep.equal({
      ...all('chaos/app:dev'),
      'chaos-app-1': imageId('chaos/app:dev-good'),
    });
  });

  it('goes on with "continue", and says how many were bad', async () => {
    const { ended, topology } = await tried('{{image}}-answers-500', { failureAction: 'continue', parallelism: 3 });
    expect(await ended()).to.include({ outcome: 'deployed', touched: 3, failed: 3 });
    expect(images(topology)).to.deep.equal(all('chaos/app:dev-answers-500'));
  });

  it('goes on with "continue" past a container that could not be started, and leaves none of the kind behind', async () => {
    const { ended, topology } = await tried('{{image}}-good', { failureAction: 'continue', parallelism: 3 });
    const { startNext } = topology.containers;
    topology.containers.startNext = (container) =>
      container.name === 'chaos-app-2'
        ? Promise.reject(new ChaosError('CHAOS_ENGINE_REFUSED', { what: 'no such file', hint: '', exit: 'not-ready' }))
        : startNext(container);
    expect(await ended()).to.include({ outcome: 'deployed', touched: 2, failed: 1 });
    expect(images(topology)).to.deep.equal({
      ...all('chaos/app:dev-good'),
      'chaos-app-2': imageId('chaos/app:dev'),
    });
  });

  it('says why the engine could not start a container, and takes the engine for sound', async () => {
    const { ended, topology } = await tried('{{image}}-good');
    topology.containers.startNext = () =>
      Promise.reject(
        new ChaosError('CHAOS_ENGINE_REFUSED', { what: 'no such file: node', hint: '', exit: 'not-ready' }),
      );
    expect(await ended()).to.include({
      outcome: 'rolled back',
      touched: 0,
      text: 'chaos-app-1 could not be started: no such file: node',
    });
    expect(topology.wrong).to.deep.equal([]);
  });

  it('stops wherever it is when it is ended from outside, and its ways back lead to one image', async () => {
    for (let ms = 0; ms < 34_000; ms += 1_700) {
      const { roll, clock, over, topology, back } = await tried('{{image}}-good');
      await roll.begin();
      const going = roll.goOn().catch((error: unknown) => error);
      await clock.advance(ms);
      over.abort(new Error('enough'));
      await clock.advance(1_000);
      expect(await going, `after ${ms} ms`).to.have.property('message', 'enough');
      for (const step of back.toReversed()) await topology.undo(step);
      expect(topology.wrong, `after ${ms} ms`).to.deep.equal([]);
    }
  });

  it('refuses an image that the engine does not have, and a service without update_config', async () => {
    const refused = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'nothing',
        (error: unknown) => error,
      );
    expect(await refused(tried('{{image}}-missing'))).to.include({ code: 'CHAOS_NO_IMAGE', exit: 'not-ready' });
    const topology = new MemoryTopology();
    const ctx = {
      topology,
      clock: new ManualClock(),
      signal: AbortSignal.timeout(1e6),
      hold: () => Promise.reject(),
      tell: () => undefined,
    };
    expect(await refused(Roll.of(ctx, { service: 'worker', image: 'a', healthyMs: 1 }))).to.include({
      code: 'CHAOS_NO_UPDATE_CONFIG',
    });
    expect(topology.acts).to.deep.equal([]);
  });
});
