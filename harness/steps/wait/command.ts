import { z } from 'zod';
import { withDeadline } from '../../core/deadline.ts';
import { defineCondition } from '../../core/kinds/condition.ts';
import { containerName } from '../../core/topology/aim.ts';
import { describeCommand } from '../../core/topology/command.ts';
import { ASK_MS, askAgain } from '../../kit/ask-again.ts';
import { unknownReplica, unknownService } from '../../kit/refers.ts';

const params = z.strictObject({
  service: z.string().meta({ description: 'A service of the topology' }),
  replica: z.int().min(1).default(1).meta({ description: '1-based number of the replica' }),
  run: z
    .array(z.string())
    .min(1)
    .meta({ description: 'Program and arguments. The condition holds when it ends with 0. It must change nothing' }),
});

export default defineCondition({
  name: 'command',
  summary: 'A command in a container succeeds',
  example: { service: 'app', run: ['test', '-e', '/proc/1'] },
  params,
  describe: ({ service, replica, run }) => `${describeCommand({ in: `${service} ${replica}`, run })} succeeds`,
  mismatches({ service, replica }, { path, topology }) {
    if (topology === undefined) return [];
    const found = topology.services[service];
    return found === undefined
      ? [unknownService(topology, service, [...path, 'service'])]
      : unknownReplica(service, replica, found.replicas, [...path, 'replica']);
  },
  comeAbout: ({ service, replica, run }, looking) =>
    askAgain(looking, async () => {
      const { topology } = looking;
      const asked = topology.ask({ in: containerName(topology.spec, service, replica), run });
      const said = await withDeadline('the command', ASK_MS, asked);
      return { holds: true, saw: said.trim().slice(0, 80) || 'it succeeded' };
    }),
});
