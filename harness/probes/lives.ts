import type { Probe } from '../core/kinds/probe.ts';

const probe: Probe = {
  name: 'lives',
  summary: 'What becomes of each container, as the engine tells it: created, started, healthy, asked to end, removed.',
  start: ({ topology, emit }) =>
    Promise.resolve(
      topology.containers.follow({
        onLife: (life) => emit({ kind: 'life', ...life }),
        onTold: (told, t) => emit({ kind: 'lives', t, told }),
      }),
    ),
};

export default probe;
