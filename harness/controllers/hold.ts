import { z } from 'zod';
import { defineController } from '../core/kinds/controller.ts';

export default defineController({
  name: 'hold',
  summary: 'Holds the number of containers of a service: it makes missing ones, and removes those beyond the number.',
  params: z.strictObject({
    service: z.string().meta({ description: 'A service of the topology', examples: ['worker'] }),
    replicas: z.int().min(1).max(50).meta({ description: 'How many containers it shall have' }),
  }),
  example: { service: 'worker', replicas: 2 },
  everyMs: 1_000,
  service: ({ service }) => service,
  most: ({ replicas }) => replicas,
  describe: ({ service, replicas }) => `holds ${service} at ${replicas} replicas`,
  reads: ({ service }) => [{ name: 'running', of: service }],
  decide({ service, replicas: asked }, { replicas, readings }) {
    const [running] = readings({ name: 'running', of: service });
    const run = running === undefined ? '' : `, ${running.value} of them running`;
    return {
      replicas: asked,
      why: `${service} has ${replicas} replica${replicas === 1 ? '' : 's'}${run}, and ${asked} are asked for`,
      metric: 'replicas',
      value: replicas,
      threshold: asked,
    };
  },
});
