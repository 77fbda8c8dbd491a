import { repeatedly } from '../core/deadline.ts';
import type { Probe } from '../core/kinds/probe.ts';

const EVERY_MS = 500;

const probe: Probe = {
  name: 'containers',
  summary: 'The state of every container that a fault may touch.',
  start({ topology, watched, clock, emit }) {
    return Promise.resolve(
      repeatedly(EVERY_MS, async () => {
        for (const state of await topology.containers.states(watched))
          emit({ t: clock.now(), kind: 'container', ...state });
      }),
    );
  },
};

export default probe;
