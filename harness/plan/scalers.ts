import type { TopologySpec } from '../core/topology/spec.ts';
import { isMap } from './source/map.ts';

/**
 * Returns an experiment, as it was written, whose scalers have the keys that the topology gives them (x-chaos.autoscale). A key
 * of the experiment itself counts more. Changes nothing where there is no scaler of such a service.
 */
export function withScalers(value: unknown, topology: Pick<TopologySpec, 'autoscale'> | undefined): unknown {
  const given = topology?.autoscale;
  if (given === undefined || !isMap(value) || !Array.isArray(value['controllers'])) return value;
  const controllers = value['controllers'].map((item: unknown): unknown => {
    const written = isMap(item) ? item['autoscale'] : undefined;
    if (!isMap(written) || typeof written['service'] !== 'string') return item;
    return { autoscale: { ...given[written['service']], ...written } };
  });
  return { ...value, controllers };
}
