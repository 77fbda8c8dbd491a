import { repeatedly } from '../core/deadline.ts';
import type { Probe } from '../core/probe.ts';

const EVERY_MS = 500;

export const containers: Probe = {
  name: 'containers',
  summary: 'Looks at the state of every container that a fault may touch.',
  start({ topology, watched, clock, emit }) {
    return Promise.resolve(
      repeatedly(EVERY_MS, async () => {
        for (const state of await topology.states(watched)) emit({ t: clock.now(), kind: 'container', ...state });
      }),
    );
  },
};
