import { z } from 'zod';
import { isMeant } from '../core/aim.ts';
import type { Named } from '../core/stop-rule.ts';
import type { TopologySpec } from '../core/topology.ts';

/** The machine itself, beside the containers of the topology. */
export const HOST = 'host';

/** The key `of` of metrics that each container has: the condition must hold for one of those that are meant. */
export const servers = z
  .string()
  .meta({ description: 'A service, a group or a container of the topology', examples: ['app'] });

/** The same of metrics that the machine has, too. */
export const serversOrHost = z
  .string()
  .meta({ description: 'A service, a group or a container of the topology; or host', examples: ['app'] });

export const refersToServer = (of: string): Named => ({ server: of });
export const refersToServerOrHost = (of: string): Named => (of === HOST ? {} : { server: of });

/** Whether a recorded server is one of those that `of` means. */
export const means = (spec: TopologySpec, of: string, server: string): boolean =>
  of === HOST ? server === HOST : isMeant(spec, of, server);
