import type { z } from 'zod';
import type { Workload } from '../core/load.ts';
import type { PlannedCheck, PlannedFault, PlannedStop } from '../core/plan.ts';
import type { TopologySpec } from '../core/topology.ts';
import type { Parts } from './names.ts';
import type { experimentShape } from './schema.ts';
import { placeOf, type Source } from './source.ts';

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
  const items = <T>(key: string, schema: z.ZodType<T>): (T | undefined)[] => {
    const list = part(key);
    return Array.isArray(list) ? list.map((item: unknown) => schema.safeParse(item).data) : [];
  };
  return {
    workload,
    topology,
    load: load.safeParse(part('load')).data,
    phases: phases.safeParse(part('phases')).data,
    faults: items('faults', faults.element).map((item, i): PlannedFault | undefined => {
      if (item === undefined) return undefined;
      const [fault, { at, for: lasts, ...params }] = only(item);
      return { id: `${fault}-${i + 1}`, fault, params, at: at as number, for: lasts as number | undefined };
    }),
    hypotheses: items('hypotheses', hypotheses.element).map((item, i): PlannedCheck | undefined => {
      if (item === undefined) return undefined;
      const [check, params] = only(item);
      return { check, params, line: placeOf(source, ['hypotheses', i, check]).line };
    }),
    stops: items('stop_if', stops.unwrap().element).map((item, i): PlannedStop | undefined => {
      if (item === undefined) return undefined;
      const [check, { for: lasts, ...params }] = only(item);
      return { check, params, for: lasts as number, line: placeOf(source, ['stop_if', i, check]).line };
    }),
  };
}
