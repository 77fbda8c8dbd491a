import { z } from 'zod';
import type { AutoScalingConfig } from '../../core/record/scaling.ts';

const percent = (what: string) =>
  z
    .number()
    .gt(0)
    .max(100)
    .meta({ description: `${what}, percent` });
const seconds = (what: string) =>
  z
    .number()
    .min(0)
    .max(86_400)
    .meta({ description: `${what}, seconds` });

/** The most instances that a group may have. */
const MOST = 200;

/**
 * The keys of a scaler in an experiment. The first seven are the AutoScalingConfig of WedSync's specification, with its
 * names, so that the configuration of the platform can be copied.
 */
const scalingKeys = {
  minInstances: z.int().min(1).max(MOST).default(3).meta({ description: 'Never fewer' }),
  maxInstances: z.int().min(1).max(MOST).default(50).meta({ description: 'Never more' }),
  targetCPUUtilization: percent('After a change, the instances shall use this share of their processors').default(60),
  targetMemoryUtilization: percent('After a change, the instances shall use this share of their memory').default(70),
  scaleUpThreshold: percent('A figure above it asks for more instances').default(80),
  scaleDownThreshold: percent('All figures below it ask for fewer').default(30),
  cooldownPeriod: seconds('For this long after a change nothing is changed').default(60),
  requestsPerInstance: z.number().gt(0).optional().meta({
    description: 'Requests a second that are 100 % of what one instance serves; without it they do not count',
  }),
  jobsPerInstance: z
    .number()
    .gt(0)
    .optional()
    .meta({ description: 'Waiting jobs that are 100 % of what one instance works off; without it they do not count' }),
  stabilityWindow: seconds('Fewer instances only when nothing in so long a time asked for more').default(60),
  largestStep: z.int().min(1).max(MOST).default(10).meta({ description: 'The most instances of one change' }),
  slowAnswersAdd: z.int().min(0).max(MOST).optional().meta({
    description:
      'Slow answers alone bring at most so many instances more than the other figures ask for; without it up to maxInstances',
  }),
  staleAfter: seconds('An older figure is not known').default(15),
};

/** The configuration of a scaler, with further keys of the place where it stands. */
export const scalingConfig = <S extends z.ZodRawShape>(own: S) =>
  z.strictObject({ ...own, ...scalingKeys }).superRefine((config, ctx) => {
    const wrong = wrongTogether(config as unknown as AutoScalingConfig);
    if (wrong !== undefined) ctx.addIssue({ code: 'custom', message: wrong });
  });

/** Returns what is wrong with a configuration whose values are all allowed one by one. */
function wrongTogether(config: AutoScalingConfig): string | undefined {
  const { minInstances, maxInstances, scaleUpThreshold: up, scaleDownThreshold: down } = config;
  if (minInstances > maxInstances) return 'write a minInstances of at most maxInstances';
  if (down >= up) return 'write a scaleDownThreshold below scaleUpThreshold';
  // With a target beyond a threshold, each change would ask for the next one.
  const targets = [config.targetCPUUtilization, config.targetMemoryUtilization];
  if (targets.some((target) => target <= down || target > up))
    return 'write targets above scaleDownThreshold, and not above scaleUpThreshold';
  return undefined;
}
