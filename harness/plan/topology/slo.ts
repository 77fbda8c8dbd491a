import { z } from 'zod';
import { percentageLike, requestRate } from '../../kit/schema.ts';

/** `slo` in x-chaos: what the service promises. Compose leaves a text where a variable was. */
export const slo = z
  .strictObject({
    objective: percentageLike('99.9%')
      .refine((percent) => percent > 0 && percent < 100, { error: 'write a percentage between 0% and 100%: 99.9%' })
      .transform((percent) => percent / 100)
      .optional(),
    days: z.coerce.number<number | string>().int().min(1).max(366).optional(),
    saturday: requestRate.optional(),
  })
  .transform(({ objective, days, saturday }) => ({
    ...(objective === undefined ? {} : { share: objective }),
    ...(days === undefined ? {} : { days }),
    ...(saturday === undefined ? {} : { saturdayPerS: saturday }),
  }));
