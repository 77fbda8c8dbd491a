import { z } from 'zod';
import type { Unit } from '../../core/units.ts';
import { byteRate, duration, percentage, requestRateOrNone } from '../schema.ts';

/** How a limit is written in an experiment. */
interface Written {
  readonly limit: z.ZodType<number>;
  /** Completes "write ...". */
  readonly how: string;
}

/** How the limits of each unit are written. They become numbers in the unit of the series. */
export const WRITTEN: Readonly<Record<Unit, Written>> = {
  percent: { limit: percentage, how: 'a percentage: 90%' },
  share: {
    limit: percentage.refine((value) => value <= 100, { error: 'write 100% at most' }),
    how: 'a percentage: 90%',
  },
  duration: { limit: duration, how: 'a duration with its unit: 200ms, 10s' },
  'byte rate': { limit: byteRate, how: 'a rate with its unit: 100KB/s, 2MB/s' },
  'per second': { limit: requestRateOrNone, how: 'a rate: 100/s' },
  count: { limit: z.number().min(0, { error: 'write 0 at least' }), how: 'a number: 500' },
};
