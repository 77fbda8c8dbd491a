import { z } from 'zod';
import type { Path } from '../core/plan/mismatch.ts';

/** What a schema says about the value at a path. */
export interface Expected {
  /** Keys of a map. Empty for any other value. */
  readonly keys: readonly string[];
  /** The values that an enumeration has. Empty for any other value. */
  readonly options: readonly string[];
  /** For people: "A duration with its unit: 200ms, 10s". */
  readonly description: string | undefined;
  /** As a person writes them. */
  readonly examples: readonly unknown[];
  /** The default, as a person writes it or as the schema transforms it. Undefined when there is none. */
  readonly default: unknown;
}

/** Returns what a schema says about the value at a path, for "did you mean" and for hints. */
export function expectedAt(schema: z.ZodType, path: Path): Expected {
  let layers = unwrapped(schema);
  for (const step of path) {
    const at = layers.at(-1);
    if (at instanceof z.ZodArray) layers = unwrapped(at.element as z.ZodType);
    else if (at instanceof z.ZodObject)
      layers = unwrapped((at.shape as Record<string, z.ZodType>)[String(step)] ?? z.unknown());
    else if (at instanceof z.ZodRecord) layers = unwrapped(at.valueType as z.ZodType);
    else layers = [z.unknown()];
  }
  const end = layers.at(-1);
  const metas = layers.map((layer) => layer.meta() ?? {});
  const fallback = layers.find((layer) => layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault);
  return {
    keys: end instanceof z.ZodObject ? Object.keys(end.shape) : [],
    options: end instanceof z.ZodEnum ? end.options.map(String) : [],
    description: metas.find((meta) => meta.description !== undefined)?.description,
    examples:
      metas.flatMap((meta) => (Array.isArray(meta['examples']) ? [meta['examples'] as unknown[]] : []))[0] ?? [],
    default: fallback?.def.defaultValue,
  };
}

/**
 * Returns the layers of a schema, outermost first. "Optional", a default and a transformation are each a layer around
 * another schema. A lazy schema is no layer.
 */
function unwrapped(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return [schema, ...unwrapped(schema.unwrap() as z.ZodType)];
  if (schema instanceof z.ZodLazy) return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return [schema, ...unwrapped(schema.in as z.ZodType)];
  return [schema];
}
