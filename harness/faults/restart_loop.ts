import { shown } from '../kit/evidence/evidence.ts';
import { consumersSince, containerObservers, startsOf } from '../kit/evidence/containers.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { duration, grace, targetWith } from '../kit/schema.ts';
import { changeState } from '../kit/acts/state.ts';

/** At least half of the expected restarts must be seen; fewer are not a loop. */
const LEAST_SHARE = 0.5;

export default defineFault({
  name: 'restart_loop',
  summary: 'Restarts containers again and again until healed.',
  params: targetWith({
    every: duration
      .refine((ms) => ms >= 1_000, { error: 'write 1s at least: a restart takes some tenths of a second' })
      .meta({ description: 'From one restart to the next', examples: ['10s'] }),
    grace_s: grace,
  }),
  example: { service: 'app', replica: 1, every: '2s', grace_s: 1 },
  aims: (target) => ({ target }),
  undoes: () => 'start the container if its restart was cut short',
  passes: 'between two restarts the container is sound, and the loop that repeats them dies with the run',
  observers: (target, spec) => containerObservers(spec, target),
  async inject(ctx) {
    const { params, topology, clock, random, meanwhile } = ctx;
    const hit = await topology.containers.resolve(params, random);
    const restart = (): Promise<unknown> =>
      changeState(ctx, hit, {
        back: 'start-container',
        value: undefined,
        act: (container) => topology.containers.restart(container, params.grace_s),
      });
    let last = clock.now();
    await restart();
    meanwhile(async (signal) => {
      for (;;) {
        await clock.sleep(Math.max(0, last + params.every - clock.now()), signal);
        last = clock.now();
        await restart();
      }
    });
    return hit.map((container) => container.name);
  },
  prove(record, { every }) {
    const { injected, injecting, healing } = record;
    if (injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    const last = record.states.at(-1)?.t ?? 0;
    const lastedMs = (healing ?? last) - injecting;
    // Fewer than two restarts are not a loop, however short the fault was.
    const needed = Math.max(2, Math.floor((lastedMs / every) * LEAST_SHARE));
    const starts = record.targets.map((name) => startsOf(record, name).length);
    const each = record.targets.map((name, i) => `${name} started ${starts[i]} times`).join(', ');
    const asked = `one start every ${every / 1_000} s asked for`;
    const evidence = `${each} in ${(lastedMs / 1_000).toFixed(1)} s (${asked})${consumersSince(record)}`;
    if (last < injecting || lastedMs < every) return { effective: 'inconclusive', evidence };
    return shown(
      starts.every((n) => n >= needed),
      evidence,
    );
  },
});
