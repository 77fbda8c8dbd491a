import type { Reading, Series } from '../../core/kinds/series.ts';
import type { EventOf } from '../../core/record/events.ts';
import type { Needs } from '../../core/kinds/probe.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { means, servicesFor } from './servers.ts';

/** Milliseconds between two readings: the states are read with each second of the load. */
export const STATES_MS = 1_000;
/** A container whose state was not read for this many milliseconds no longer exists. */
const GONE_MS = 5_000;

type ContainerEvent = EventOf<'container'>;

/** Asks a run to record the states of the selected containers. States that nobody asks for are not recorded. */
export const watchedServices = (of: string | undefined, spec: TopologySpec): Needs => ({
  watched: servicesFor(of, spec),
});

/** Reads the states of the selected containers that exist, once for each second of the load. */
export const overStates =
  (readings: (states: readonly ContainerEvent[], of: string | undefined) => readonly Reading[]): Series['read'] =>
  (of, spec) => {
    const states = new Map<string, ContainerEvent>();
    return (event) => {
      if (event.kind === 'container' && means(spec, of, event.container)) states.set(event.container, event);
      if (event.kind !== 'load' || states.size === 0) return [];
      return readings(
        [...states.values()].filter(({ t }) => event.t - t <= GONE_MS),
        of,
      );
    };
  };
