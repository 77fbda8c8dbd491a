import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';

/** The longest duration: a day, which is more than any phase needs. Node fires a timer of more than 2^31 ms at once. */
const LONGEST_MS = 86_400_000;

/** Turns "200ms", "1.5s" or "2m" into milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, { error: 'write a number with its unit: 200ms, 10s, 2m, 1h' })
  .transform((text) => parseDuration(text) ?? 0)
  .refine((ms) => ms <= LONGEST_MS, { error: 'write 24h at most' })
  .meta({ description: 'A duration with its unit: 200ms, 10s, 2m, 1h', examples: ['200ms', '10s'] });

/** The key `for`, which every stop condition has. `ms`: the default, milliseconds. */
export const lasting = (ms: number) => ({
  for: duration.default(ms).meta({
    description: `How long the condition must hold before the run ends; default: ${ms / 1_000}s`,
    examples: ['20s'],
  }),
});

/** The keys with which an experiment selects the containers that a fault hits. */
const aimed = {
  service: z.string().meta({ description: 'A service or a group of the topology' }),
  role: z
    .enum(['primary', 'standby'])
    .optional()
    .meta({ description: 'In a group: the member that has this role when the fault begins' }),
  replica: z.int().min(1).optional().meta({ description: '1-based number of the replica' }),
  count: z.int().min(1).optional().meta({ description: 'How many of them, drawn by the seed' }),
  percent: z
    .number()
    .gt(0)
    .max(100)
    .optional()
    .meta({ description: 'The share of them in percent, rounded up, drawn by the seed' }),
  all_but: z.int().min(1).optional().meta({ description: 'All of them except this many, drawn by the seed' }),
};

/** The parameters of a fault that hits containers: the keys of a target, and the fault's own keys. */
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

/** Selects the containers that a fault hits. */
export const target = targetWith({});

/** A connection between two services that runs through Toxiproxy. */
export const link = z.string().meta({ description: 'A link of the topology: see x-chaos.links in the compose file' });

/** Seconds, as `docker stop` has it: long enough for an orderly end, short enough for the deadline of an injection. */
const GRACE_S = 10;

/** How many seconds a process gets to end by itself before it is killed. */
export const grace = z
  .int()
  .min(0)
  .max(20)
  .default(GRACE_S)
  .meta({ description: 'Seconds between SIGTERM and SIGKILL', examples: [GRACE_S] });

/** Which way of a link a fault hits, seen from the consumer: what it sends, what it receives, or both. */
export const direction = z
  .enum(['both', 'up', 'down'])
  .meta({ description: 'up: what the consumer sends; down: what the consumer receives' });

/** Which packets a fault hits, seen from the target: incoming, outgoing, or both. */
const PACKET_DIRECTIONS = ['both', 'in', 'out'] as const;
export type PacketDirection = (typeof PACKET_DIRECTIONS)[number];
export const packetDirection = z
  .enum(PACKET_DIRECTIONS)
  .default('both')
  .meta({ description: 'Seen from the target: packets that come in, packets that go out, or both' });

/** A share in percent: more than 0, at most 100. */
export const percent = z
  .number()
  .gt(0)
  .max(100)
  .meta({ description: 'A share in percent: more than 0, at most 100', examples: [10] });

/** Turns "90%" into 90. `example` is what a person is told to write. */
export const percentageLike = (example: string) =>
  z
    .string()
    .regex(/^\d+(?:\.\d+)?%$/, { error: `write a percentage: ${example}` })
    .transform((text) => Number(text.slice(0, -1)));

export const percentage = percentageLike('90%').meta({ description: 'A percentage', examples: ['90%'] });

export const MIB = 1_048_576;
/** Networks count by 1,000 (KB, MB). Memory and disks count by 1,024 (KiB, MiB, GiB). */
const UNITS = { B: 1, KB: 1_000, MB: 1_000_000, KiB: 1_024, MiB: MIB, GiB: 1_024 * MIB } as const;
const bytesOf = (text: string): number => {
  const [, digits, unit] = /^([\d.]+)((?:[KMG]i?)?B)/.exec(text) ?? [];
  // In binary, 1.001 times 1,000 is a little less than 1,001.
  return Number((Number(digits) * UNITS[unit as keyof typeof UNITS]).toFixed(3));
};

/** Turns "500B", "64KB" or "16MiB" into bytes. */
export const size = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:B|KB|MB|KiB|MiB|GiB)$/, { error: 'write a number with its unit: 500B, 64KB, 16MiB' })
  .transform(bytesOf)
  .refine((bytes) => Number.isInteger(bytes) && bytes >= 1, { error: 'write a whole number of bytes, 1B at least' })
  .meta({ description: 'A size with its unit: 500B, 64KB, 16MiB', examples: ['64KB'] });

/** Turns "100KB/s" or "2MB/s" into bytes per second. Toxiproxy counts whole KB. */
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

/** Turns "278/s" or "1000000/h" into requests per second. */
export const requestRate = rateText(/^[1-9]\d*(?:\.\d+)?\/(?:s|min|h)$/);
/** Turns "278/s" or "0/s" into requests per second. */
export const requestRateOrNone = rateText(/^\d+(?:\.\d+)?\/(?:s|min|h)$/);

/** The shape of `continue_on_failure`: the next steps go on when this step fails. */
export const continueOnFailure = (description: string) => z.boolean().default(false).meta({ description });
