import { z } from 'zod';
import type { RateStage } from '../core/load/arrivals.ts';
import type { Problem } from '../core/plan/problem.ts';
import type { AutoScalingConfig } from '../core/record/scaling.ts';
import { duration, percentageLike } from '../kit/schema.ts';
import { scalingConfig } from '../kit/scaling/config.ts';
import { stage, stagesOf } from './load/load.ts';
import { problemsOf } from './source/issues.ts';
import { readSource, valueOf } from './source/source.ts';

const positive = (description: string) =>
  duration.refine((ms) => ms > 0, { error: 'write a duration above 0: 12ms' }).meta({ description });

const shape = z.strictObject({
  title: z.string().min(1),
  replica: z.strictObject({
    service_time: positive("A replica's processor time for one request"),
    cores: z.int().min(1).max(256).default(1).meta({ description: 'How many requests it serves at the same time' }),
    start_up: duration.meta({ description: 'From a decision until a new replica serves' }),
    drain: duration.default(3_000).meta({ description: 'From a decision until a replica serves no more' }),
    longest_wait: duration.default(1_300).meta({ description: 'A request that would wait longer is refused' }),
    memory: z.number().min(0).max(100).default(30).meta({ description: 'Percent of its memory that it uses' }),
  }),
  slo: z.strictObject({
    p95: positive('95 % of the requests are answered within this time'),
    refused: percentageLike('0.1%').default(0.1).meta({ description: 'The share that may be refused' }),
  }),
  stages: z.array(stage).min(1).meta({ description: 'The requests a second over time' }),
  policies: z
    .record(z.string(), scalingConfig({}))
    .refine((policies) => Object.keys(policies).length > 0, { error: 'name at least one policy' })
    .meta({ description: 'Configurations of the scaler, each under a name' }),
});

/** A simulation of a scaler, as its file describes it. Times in milliseconds; `refused` from 0 to 1. */
export interface Simulation {
  readonly title: string;
  readonly replica: z.output<typeof shape>['replica'];
  readonly slo: { readonly p95: number; readonly refused: number };
  readonly stages: readonly RateStage[];
  readonly policies: Readonly<Record<string, AutoScalingConfig>>;
}

/** Reads a file of a simulation. Returns the simulation, or all mistakes of the file. */
export function readSimulation(file: string): Simulation | readonly Problem[] {
  const source = readSource(file);
  if (!('doc' in source)) return source;
  const { data, error } = shape.safeParse(valueOf(source));
  if (data === undefined) return problemsOf(error.issues, source, shape).map(({ problem }) => problem);
  const { slo, stages, ...rest } = data;
  return { ...rest, slo: { p95: slo.p95, refused: slo.refused / 100 }, stages: stagesOf(stages) };
}
