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

/** Which way of a link is meant, seen from its consumer: what it sends, what it is answered, or both. */
export const direction = z
  .enum(['both', 'up', 'down'])
  .meta({ description: 'up: what the consumer sends; down: what it is answered' });

/** Which way packets go, as the target sees it. */
const PACKET_DIRECTIONS = ['both', 'in', 'out'] as const;
export type PacketDirection = (typeof PACKET_DIRECTIONS)[number];
export const packetDirection = z
  .enum(PACKET_DIRECTIONS)
  .default('both')
  .meta({ description: 'As the target sees it: what comes in, what goes out, or both' });

/** A share of all: more than none. */
export const percent = z
  .number()
  .gt(0)
  .max(100)
  .meta({ description: 'A share of all, 0 to 100', examples: [10] });

export const MIB = 1_048_576;
/** Of networks by the thousand, of memory and disks by 1,024. */
const UNITS = { B: 1, KB: 1_000, MB: 1_000_000, KiB: 1_024, MiB: MIB, GiB: 1_024 * MIB } as const;
const bytesOf = (text: string): number => {
  const [, digits, unit] = /^([\d.]+)((?:[KMG]i?)?B)/.exec(text) ?? [];
  // 1.001 times 1,000 is a little less than 1,001 in binary.
  return Number((Number(digits) * UNITS[unit as keyof typeof UNITS]).toFixed(3));
};

/** "500B", "64KB", "16MiB" -> bytes. */
export const size = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:B|KB|MB|KiB|MiB|GiB)$/, { error: 'write a number with its unit: 500B, 64KB, 16MiB' })
  .transform(bytesOf)
  .refine((bytes) => Number.isInteger(bytes) && bytes >= 1, { error: 'write a whole number of bytes, 1B at least' })
  .meta({ description: 'A size with its unit: 500B, 64KB, 16MiB', examples: ['64KB'] });

/** "100KB/s", "2MB/s" -> bytes a second. Toxiproxy counts whole KB. */
export const byteRate = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:KB|MB)\/s$/, { error: 'write a rate with its unit: 100KB/s, 2MB/s' })
  .transform(bytesOf)
  .refine((bytes) => bytes >= 1_000 && bytes % 1_000 === 0, { error: 'write whole KB/s, 1KB/s at least' })
  .meta({ description: 'A rate with its unit: 100KB/s, 2MB/s', examples: ['100KB/s'] });

const rateText = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern, { error: 'write a number of requests per unit of time: 278/s, 1000000/h' })
    .transform((text) => {
      const [amount = '', unit = ''] = text.split('/');
      return Number(amount) / { s: 1, min: 60, h: 3_600 }[unit as 's' | 'min' | 'h'];
    });

/** "278/s", "1000000/h" -> requests a second. */
export const requestRate = rateText(/^[1-9]\d*(?:\.\d+)?\/(?:s|min|h)$/);
/** The same, or none: "0/s". */
export const requestRateOrNone = rateText(/^\d+(?:\.\d+)?\/(?:s|min|h)$/);
