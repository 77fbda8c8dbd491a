import type { z } from 'zod';
import type { StepKind } from '../core/kinds/step.ts';
import type { Workload } from '../core/load/load.ts';
import type { NamedSeries, PlannedCheck, PlannedController, PlannedStop } from '../core/plan/plan.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { Parts } from './names.ts';
import type { experimentShape } from './schema.ts';
import { mapOf } from './source/map.ts';
import { placeOf, type Source } from './source/source.ts';
import { readSteps } from './steps/steps.ts';

type Shape = ReturnType<typeof experimentShape>;

/** Returns the only key of a list's item, and its value. */
const only = (item: Readonly<Record<string, unknown>>): [string, Record<string, unknown>] =>
  Object.entries(item)[0] as [string, Record<string, unknown>];

/** Reads each part of an experiment separately: a mistake in one part does not keep the others from being read. */
export function readParts(
  source: Source,
  value: unknown,
  shape: Shape,
  workload: Workload | undefined,
  topology: TopologySpec | undefined,
  kinds: readonly StepKind[],
): Parts {
  const { faults, hypotheses, stop_if: stops, charts, controllers, load, phases } = shape.shape;
  const part = (key: string): unknown => mapOf(value)[key];
  const list = (key: string): readonly unknown[] => {
    const found = part(key);
    return Array.isArray(found) ? (found as unknown[]) : [];
  };
  /** Returns the name and the value of each item of a list; undefined for an item that has mistakes. */
  const items = (key: string, item: z.ZodType) =>
    list(key).map((written) => {
      const { data } = item.safeParse(written);
      return data === undefined ? undefined : only(data as Readonly<Record<string, unknown>>);
    });
  return {
    workload,
    topology,
    load: load.safeParse(part('load')).data,
    phases: phases.safeParse(part('phases')).data,
    ...readSteps(list('faults'), faults.element, ['faults'], kinds),
    hypotheses: items('hypotheses', hypotheses.element).map((item, i): PlannedCheck | undefined => {
      if (item === undefined) return undefined;
      const [check, params] = item;
      return { check, params, line: placeOf(source, ['hypotheses', i, check]).line };
    }),
    stops: items('stop_if', stops.unwrap().element).map((item, i): PlannedStop | undefined => {
      if (item === undefined) return undefined;
      const [check, { for: lasts, ...params }] = item;
      return { check, params, for: lasts as number, line: placeOf(source, ['stop_if', i, check]).line };
    }),
    controllers: items('controllers', controllers.unwrap().element).map((item, i): PlannedController | undefined => {
      if (item === undefined) return undefined;
      const [controller, params] = item;
      return { id: `${controller}-${i + 1}`, controller, params };
    }),
    charts: items('charts', charts.unwrap().element).map((item) => item?.[1] as NamedSeries | undefined),
  };
}
