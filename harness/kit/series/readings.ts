import type { Labels, Series } from '../../core/kinds/series.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { means } from './servers.ts';

/** Reads the `reading` events of a name. `selects` says whether `of` selects an event with these labels. */
export const readingsOf =
  (
    name: string,
    selects: (of: string | undefined, labels: Labels, spec: TopologySpec) => boolean = () => true,
  ): Series['read'] =>
  (of, spec) =>
  (event) => {
    if (event.kind !== 'reading' || event.name !== name || !selects(of, event.labels, spec)) return [];
    return [{ labels: event.labels, value: event.value }];
  };

/** Selects by the label `container`. */
export const ofContainer = (of: string | undefined, { container = '' }: Labels, spec: TopologySpec): boolean =>
  means(spec, of, container);
