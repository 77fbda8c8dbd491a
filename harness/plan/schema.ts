import { z } from 'zod';
import type { Check } from '../core/check.ts';
import type { Fault } from '../core/fault.ts';
import { duration } from '../core/schema.ts';
import type { Stopping } from '../core/stop-rule.ts';
import { kindsOf } from './kinds.ts';
import { loadShape } from './load.ts';

const phases = z
  .strictObject({
    warmup: duration.default(5_000).meta({ description: 'Load without judgement' }),
    baseline: duration.meta({ description: 'The steady state before the fault' }),
    fault: duration.meta({ description: 'The fault is in force' }),
    heal: duration
      .default(60_000)
      .meta({ description: 'Deadline for healing; the phase ends when the system is well' }),
    recovery: duration.meta({ description: 'After healing' }),
  })
  .meta({ examples: [{ baseline: '20s', fault: '30s', recovery: '20s' }] });

/** The shape of an experiment file, from the faults, checks and metrics that there are. */
export function experimentShape(faults: readonly Fault[], checks: readonly Check[], metrics: readonly Stopping[]) {
  const { step, hypothesis, stop } = kindsOf(faults, checks, metrics);
  return z.strictObject({
    title: z.string().min(1).meta({ description: 'What is believed, in one sentence' }),
    tags: z.array(z.string()).default([]),
    topology: z
      .union([z.string(), z.array(z.string()).min(1)])
      .meta({ description: 'A compose file, or several laid over each other, relative to this file' }),
    load: loadShape,
    phases,
    faults: z.array(step).min(1, { error: 'an experiment has at least one fault' }),
    hypotheses: z
      .array(hypothesis)
      .min(1, { error: 'an experiment has at least one hypothesis: without one it proves nothing' }),
    stop_if: z
      .array(stop)
      .default([])
      .meta({ description: 'From the baseline on: what ends the run before its time, with everything put back' }),
    seed: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .default(42)
      .meta({ description: 'The same seed gives the same arrivals and the same choices' }),
  });
}

export type ExperimentFile = z.output<ReturnType<typeof experimentShape>>;

/** JSON Schema (draft 7, which editors read) of what is written for a schema. */
export const inputSchema = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    // zod leaves examples out wherever a value is transformed, as every duration is: ours are of the input.
    override({ zodSchema, jsonSchema }) {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });

/** Of experiment files. */
export const experimentSchema = (
  faults: readonly Fault[],
  checks: readonly Check[],
  metrics: readonly Stopping[],
): unknown => inputSchema(experimentShape(faults, checks, metrics));
