import { z } from 'zod';
import type { Selection } from '../../core/kinds/series.ts';
import { isMeant, servicesMeant } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** The name of the machine itself, beside the containers of the topology. */
export const HOST = 'host';

const described = (description: string): z.ZodType<string> => z.string().meta({ description, examples: ['app'] });

/** The key `of` of a series with a figure for each container. */
export const servers: Selection = {
  schema: described('A service, a group or a container of the topology'),
  refers: (of) => ({ server: of }),
};

/** The key `of` of a series with a figure for each container and for the machine. */
export const serversOrHost: Selection = {
  schema: described('A service, a group or a container of the topology; or host'),
  refers: (of) => (of === HOST ? {} : { server: of }),
};

/** Returns the services that `of` selects. Without `of`, every service is selected. */
export const servicesFor = (of: string | undefined, spec: TopologySpec): readonly string[] =>
  of === undefined ? Object.keys(spec.services) : servicesMeant(spec, of);

/** Whether `of` selects this recorded server. Without `of`, every server is selected. */
export const means = (spec: TopologySpec, of: string | undefined, server: string): boolean =>
  of === undefined || (of === HOST ? server === HOST : isMeant(spec, of, server));
