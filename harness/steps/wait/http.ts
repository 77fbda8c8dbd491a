import { z } from 'zod';
import { defineCondition } from '../../core/kinds/condition.ts';
import { ASK_MS, askAgain } from '../../kit/ask-again.ts';
import { statusOf } from '../../kit/status-of.ts';

const params = z.strictObject({
  path: z
    .string()
    .regex(/^\/[\u0021-\u007e]*$/, { error: 'write a path of the entry, for example /health' })
    .meta({ description: "A path of the topology's entry", examples: ['/health'] }),
  status: z.int().min(100).max(599).default(200),
});

/** Asks only the topology's own entry. A redirection is an answer, and is not followed. */
export default defineCondition({
  name: 'http',
  summary: 'A path of the entry answers with this status',
  example: { path: '/health', status: 200 },
  params,
  describe: ({ path, status }) => `GET ${path} answers ${status}`,
  comeAbout: ({ path, status }, looking) =>
    askAgain(looking, async () => {
      const seen = await statusOf(looking.topology.spec.entry, path, ASK_MS);
      return { holds: seen === status, saw: `HTTP ${seen}` };
    }),
});
