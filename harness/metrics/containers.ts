import { servicesMeant } from '../core/aim.ts';
import type { EventOf, RunEvent } from '../core/events.ts';
import { defineMetric, type Reading } from '../core/metric.ts';
import type { TopologySpec } from '../core/topology.ts';
import { means, refersToServer, servers } from './server.ts';

const needs = (of: string, spec: TopologySpec) => ({ watched: servicesMeant(spec, of) });

/** One that was not seen for longer is not there any more, milliseconds. */
const GONE_MS = 5_000;

type Seen = EventOf<'container'>;

/** Over the containers that are there, whenever a second of the load has passed. */
const overStates =
  (readings: (of: string, states: readonly Seen[]) => readonly Reading[]) => (of: string, spec: TopologySpec) => {
    const states = new Map<string, Seen>();
    return (event: RunEvent): readonly Reading[] => {
      if (event.kind === 'container' && means(spec, of, event.container)) states.set(event.container, event);
      if (event.kind !== 'load' || states.size === 0) return [];
      return readings(
        of,
        [...states.values()].filter(({ t }) => event.t - t <= GONE_MS),
      );
    };
  };

export const containers = [
  defineMetric({
    name: 'running',
    summary: 'How many containers run, and are not paused. Each second.',
    unit: 'count',
    spanMs: 0,
    of: servers,
    example: { of: 'app', below: 2, for: '5s' },
    refers: refersToServer,
    needs,
    read: overStates((of, states) => [{ of, value: states.filter((s) => s.running && !s.paused).length }]),
  }),
  defineMetric({
    name: 'restarts',
    summary: 'How often Docker has started a container again. Each second.',
    unit: 'count',
    spanMs: 0,
    of: servers,
    example: { of: 'worker', above: 3, for: '1s' },
    refers: refersToServer,
    needs,
    read: overStates((_of, states) => states.map((s) => ({ of: s.container, value: s.restarts }))),
  }),
];
