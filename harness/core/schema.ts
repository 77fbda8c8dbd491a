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

/** Keys by which an experiment says which containers a fault is aimed at. */
const aimed = {
  service: z.string().meta({ description: 'A service or a group of the topology' }),
  role: z
    .enum(['primary', 'standby'])
    .optional()
    .meta({ description: 'In a group: who has this role when the fault begins' }),
  replica: z.int().min(1).optional().meta({ description: '1-based number of the replica' }),
  count: z.int().min(1).optional().meta({ description: 'So many of them, drawn by the seed' }),
  percent: z
    .number()
    .gt(0)
    .max(100)
    .optional()
    .meta({ description: 'Such a share of them, rounded up, drawn by the seed' }),
  all_but: z.int().min(1).optional().meta({ description: 'All of them but so many, drawn by the seed' }),
};

/** Parameters of a fault that is aimed at containers: the keys of a target and those of its own. */
export const targetWith = <S extends z.ZodRawShape>(own: S) =>
  z
    .strictObject({ ...aimed, ...own })
    .refine(
      (t) =>
        ['replica', 'count', 'percent', 'all_but'].filter((key) => (t as Record<string, unknown>)[key] !== undefined)
          .length <= 1,
      {
        error: 'write one of replica, count, percent and all_but at most',
      },
    );

/** Which containers a fault is aimed at. */
export const target = targetWith({});

/** A hop of the topology that runs through Toxiproxy. */
export const link = z.string().meta({ description: 'A link of the topology: see x-chaos.links in the compose file' });

/** As `docker stop`: long enough for a graceful end, short enough for the deadline of an injection. */
const GRACE_S = 10;

/** What a graceful end is given before it is forced. */
export const grace = z
  .int()
  .min(0)
  .max(20)
  .default(GRACE_S)
  .meta({ description: 'Seconds between SIGTERM and SIGKILL', examples: [GRACE_S] });

/** Which way packets go, as the target sees it. */
const DIRECTIONS = ['both', 'in', 'out'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export const direction = z
  .enum(DIRECTIONS)
  .default('both')
  .meta({ description: 'As the target sees it: what comes in, what goes out, or both' });

/** A share of all: more than none. */
export const percent = z
  .number()
  .gt(0)
  .max(100)
  .meta({ description: 'A share of all, 0 to 100', examples: [10] });

export const MIB = 1_048_576;
const UNITS = { KiB: 1_024, MiB: MIB, GiB: 1_024 * MIB } as const;

/** "512KiB", "16MiB", "1GiB" -> bytes. */
export const bytes = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:KiB|MiB|GiB)$/, { error: 'write a number with its unit: 512KiB, 16MiB, 1GiB' })
  .transform((text) => Math.round(Number.parseFloat(text) * UNITS[text.slice(-3) as keyof typeof UNITS]))
  .meta({ description: 'A size with its unit: 512KiB, 16MiB, 1GiB', examples: ['16MiB'] });
