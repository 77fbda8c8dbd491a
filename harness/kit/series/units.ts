import { z } from 'zod';
import { type Unit, UNITS } from '../../core/units.ts';
import { byteRate, duration, percentage, requestRateOrNone, size } from '../schema.ts';

/** How a limit in a unit ends, as it is written. A number is a count. */
const ENDS: readonly (readonly [RegExp, Unit])[] = [
  [/%$/, 'percent'],
  [/B\/s$/, 'byte rate'],
  [/\/(?:s|min|h)$/, 'per second'],
  [/B$/, 'bytes'],
  [/\d(?:ms|s|m|h)$/, 'duration'],
];

/** Returns the unit in which a limit is written. */
export const unitWritten = (limit: unknown): Unit =>
  ENDS.find(([end]) => typeof limit === 'string' && end.test(limit))?.[1] ?? 'count';

/** How a limit is written in an experiment. */
interface Written {
  readonly limit: z.ZodType<number>;
  /** Completes "write ...". */
  readonly how: string;
}

export const UNIT_NAMES = Object.keys(UNITS) as Unit[];

/** How the limits of each unit are written. They become numbers in the unit of the series. */
export const WRITTEN: Readonly<Record<Unit, Written>> = {
  percent: { limit: percentage, how: 'a percentage: 90%' },
  share: {
    limit: percentage.refine((value) => value <= 100, { error: 'write 100% at most' }),
    how: 'a percentage: 90%',
  },
  duration: { limit: duration, how: 'a duration with its unit: 200ms, 10s' },
  'byte rate': { limit: byteRate, how: 'a rate with its unit: 100KB/s, 2MB/s' },
  bytes: { limit: size, how: 'a size with its unit: 64KB, 16MiB' },
  'per second': { limit: requestRateOrNone, how: 'a rate: 100/s' },
  count: { limit: z.number().min(0, { error: 'write 0 at least' }), how: 'a number: 500' },
};
