import { z } from 'zod';
import type { Fault } from '../core/kinds/fault.ts';
import { duration } from '../kit/schema.ts';
import type { Known } from '../core/kinds/known.ts';
import { kindsOf } from './kinds.ts';
import { loadShape } from './load/load.ts';
import { monitoringShape } from './monitoring.ts';

const phases = z
  .strictObject({
    warmup: duration.default(5_000).meta({ description: 'Load that is not judged' }),
    baseline: duration.meta({ description: 'The steady state before the fault' }),
    fault: duration.meta({ description: 'The time for the faults' }),
    heal: duration
      .default(60_000)
      .meta({ description: 'Deadline for healing. The phase ends when the system is healthy' }),
    recovery: duration.meta({ description: 'The time after healing' }),
  })
  .meta({ examples: [{ baseline: '20s', fault: '30s', recovery: '20s' }] });

/** Returns the shape of an experiment file, made once for the given catalogues. */
export function experimentShape(known: Known): ReturnType<typeof shapeOf> {
  const { faults, checks, series, steps, controllers } = known;
  const parts = [checks, series, steps, controllers];
  const made = shapes.get(faults);
  if (made?.parts.every((part, i) => part === parts[i]) === true) return made.shape;
  const shape = shapeOf(known);
  shapes.set(faults, { parts, shape });
  return shape;
}

interface KnownShape {
  /** The catalogues other than the faults. */
  readonly parts: readonly unknown[];
  readonly shape: ReturnType<typeof shapeOf>;
}
const shapes = new WeakMap<readonly Fault[], KnownShape>();

function shapeOf(known: Known) {
  const { step, hypothesis, stop, chart, controller } = kindsOf(known);
  const shape = z.strictObject({
    title: z.string().min(1).meta({ description: 'What the experiment is to show, in one sentence' }),
    tags: z.array(z.string()).default([]),
    topology: z
      .union([z.string(), z.array(z.string()).min(1)])
      .meta({ description: 'A compose file, or several that Compose merges in this order, relative to this file' }),
    load: loadShape,
    monitoring: monitoringShape,
    phases,
    faults: z.array(step).meta({ description: 'What breaks. May be empty when there are controllers' }),
    hypotheses: z
      .array(hypothesis)
      .min(1, { error: 'an experiment has at least one hypothesis: without one it proves nothing' }),
    stop_if: z
      .array(stop)
      .default([])
      .meta({ description: 'Conditions that end the run early, from the baseline on, with everything put back' }),
    controllers: z
      .array(controller)
      .default([])
      .meta({ description: 'What changes the number of containers from the warm-up to the end of recovery' }),
    charts: z
      .array(chart)
      .default([])
      .meta({ description: 'Series that the report draws beside those of the hypotheses and stop conditions' }),
    seed: z
      .int()
      .min(0)
      .max(4_294_967_295)
      .default(42)
      .meta({ description: 'The same seed gives the same arrivals and the same choices' }),
  });
  return shape.superRefine(({ faults, controllers }, ctx) => {
    if (faults.length + controllers.length > 0) return;
    const message = 'an experiment has at least one fault, or a controller';
    ctx.addIssue({ code: 'custom', path: ['faults'], message });
  });
}

export type ExperimentFile = z.output<ReturnType<typeof experimentShape>>;

/** Returns the JSON Schema (draft 7, which editors read) of a schema's input, as a person writes it. */
export const inputSchema = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    // zod leaves out the examples of transformed values, for example durations. These examples are of the input.
    override({ zodSchema, jsonSchema }) {
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });

/** Returns the JSON Schema of experiment files. */
export const experimentSchema = (known: Known): unknown => inputSchema(experimentShape(known));
