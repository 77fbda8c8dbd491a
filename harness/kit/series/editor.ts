import { z } from 'zod';
import type { Series } from '../../core/kinds/series.ts';
import { WRITTEN } from './units.ts';

/** A rule of JSON Schema for the maps whose key `name` names one of these series. */
function whenNamed(series: readonly Series[], rule: object): readonly object[] {
  if (series.length === 0) return [];
  const named = { properties: { name: { enum: series.map(({ name }) => name) } }, required: ['name'] };
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema has this key, and nobody awaits it
  return [{ if: named, then: rule }];
}

/** How a limit is written, in JSON Schema. */
function limitSchema(unit: Series['unit']): object {
  const written = z.toJSONSchema(WRITTEN[unit].limit, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  const { $schema: _, ...schema } = written;
  return schema;
}

/**
 * Returns what an editor can check of a series, as keys of its JSON Schema: how the limit of each unit is written, and
 * whether `of` is needed or has no meaning. `limited`: the map has a limit.
 */
export function editorRules(series: readonly Series[], limited: boolean): { readonly allOf: readonly object[] } {
  const units = [...new Set(series.map(({ unit }) => unit))];
  // The limit of a series without a unit of its own may be in any.
  const limits = units.flatMap((unit) => {
    const limit = limitSchema(unit);
    const mine = series.filter((one) => one.unit === unit && one.in === undefined);
    return whenNamed(mine, { properties: { above: limit, below: limit } });
  });
  const [selected, single] = [series.filter(({ of }) => of !== undefined), series.filter(({ of }) => of === undefined)];
  const needed = limited ? whenNamed(selected, { required: ['of'] }) : [];
  const fixed = limited
    ? []
    : whenNamed(
        series.filter((one) => one.in === undefined),
        { properties: { unit: false } },
      );
  return {
    allOf: [...(limited ? limits : []), ...needed, ...whenNamed(single, { properties: { of: false } }), ...fixed],
  };
}
