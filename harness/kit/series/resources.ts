import type { Series } from '../../core/kinds/series.ts';
import { means } from './servers.ts';

/** Milliseconds between two readings of the resources of all containers. */
export const RESOURCES_MS = 5_000;

type Figure = 'cpu_percent' | 'memory_percent' | 'disk_percent' | 'network_bytes_per_s';

/** Reads one figure from the `resources` events of the selected servers, which are one line each. */
export const resource =
  (figure: Figure): Series['read'] =>
  (of, spec) =>
  (event) => {
    if (event.kind !== 'resources') return [];
    const { server_id: server, [figure]: value } = event;
    return value === null || !means(spec, of, server) ? [] : [{ labels: { server }, value }];
  };
