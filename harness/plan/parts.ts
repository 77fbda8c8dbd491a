import type { Workload } from '../core/load/load.ts';
import type { PlannedCheck, PlannedStop } from '../core/plan.ts';
import type { TopologySpec } from '../core/topology.ts';
import type { Parts } from './names.ts';
import type { experimentShape } from './schema.ts';
import { placeOf, type Source } from './source.ts';
import { readSteps } from './steps.ts';

type Shape = ReturnType<typeof experimentShape>;

/** The one name in an item of a list, and what stands under it. */
const only = (item: Readonly<Record<string, unknown>>): [string, Record<string, unknown>] =>
  Object.entries(item)[0] as [string, Record<string, unknown>];

/** Each part of an experiment for itself: what is sound is read, whatever is wrong beside it. */
export function readParts(
  source: Source,
  value: unknown,
  shape: Shape,
  workload: Workload | undefined,
  topology: TopologySpec | undefined,
): Parts {
  const { faults, hypotheses, stop_if: stops, load, phases } = shape.shape;
  const part = (key: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  const list = (key: string): readonly unknown[] => {
    const found = part(key);
    return Array.isArray(found) ? (found as unknown[]) : [];
  };
  return {
    workload,
    topology,
    load: load.safeParse(part('load')).data,
    phases: phases.safeParse(part('phases')).data,
    ...readSteps(list('faults'), faults.element, ['faults']),
    hypotheses: list('hypotheses').map((item, i): PlannedCheck | undefined => {
      const { data } = hypotheses.element.safeParse(item);
      if (data === undefined) return undefined;
      const [check, params] = only(data);
      return { check, params, line: placeOf(source, ['hypotheses', i, check]).line };
    }),
    stops: list('stop_if').map((item, i): PlannedStop | undefined => {
      const { data } = stops.unwrap().element.safeParse(item);
      if (data === undefined) return undefined;
      const [check, { for: lasts, ...params }] = only(data);
      return { check, params, for: lasts as number, line: placeOf(source, ['stop_if', i, check]).line };
    }),
  };
}
