import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A timer of Node fires at once when it is set for more than 2^31 ms; a day is more than any phase needs. */
const LONGEST_MS = 86_400_000;

/** "200ms", "1.5s", "2m" -> milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, { error: 'write a number with its unit: 200ms, 10s, 2m, 1h' })
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= LONGEST_MS, { error: 'write 24h at most' })
  .meta({ description: 'A duration with its unit: 200ms, 10s, 2m, 1h', examples: ['200ms', '10s'] });

/** Which containers a fault is aimed at. */
export const target = z.strictObject({
  service: z.string().meta({ description: 'A service or a group of the topology' }),
  role: z
    .enum(['primary', 'standby'])
    .optional()
    .meta({ description: 'In a group: who has this role when the fault begins' }),
  replica: z.int().min(1).optional().meta({ description: '1-based number of the replica' }),
});

/** A hop of the topology that runs through Toxiproxy. */
export const link = z.string().meta({ description: 'A link of the topology: see x-chaos.links in the compose file' });
