import { z } from 'zod';
import type { Series } from '../../core/kinds/series.ts';
import { duration } from '../../kit/schema.ts';
import { limitedSeries } from '../../kit/series/params.ts';
import { otherRate } from '../load/load.ts';

/** What a runbook says about itself, in the lines between `---` at its top. */
export const frontShape = (series: readonly Series[]) =>
  z.strictObject({
    fault: z.record(z.string(), z.unknown()).meta({
      description: 'The failure that the runbook is for: an item of faults',
      examples: [{ kill: { service: 'app' } }],
    }),
    alerts: z.array(z.string().min(1)).default([]).meta({ description: 'The alerts that lead to this runbook' }),
    experiment: z.string().meta({
      description: 'The experiment whose topology and load are used',
      examples: ['../experiments/redis-loss.yaml'],
    }),
    rate: otherRate('That load'),
    healthy: z
      .array(limitedSeries(series, {}))
      .min(1)
      .meta({
        description: 'What a healthy system has, and the failure takes away',
        examples: [[{ name: 'error_share', below: '1%' }]],
      }),
    within: duration.meta({
      description: 'The promise: healthy again so long after the first command began',
      examples: ['30s'],
    }),
    begins: duration
      .default(5_000)
      .meta({ description: 'A person begins so long after the failure', examples: ['5s'] }),
    heals: z
      .enum(['by hand', 'by itself'])
      .default('by hand')
      .meta({ description: 'Whether the system comes back when nobody does anything' }),
  });

export type Front = z.output<ReturnType<typeof frontShape>>;
