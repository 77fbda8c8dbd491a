import { z } from 'zod';
import type { Path } from './source.ts';

/** Keys that a schema knows at a path: for "did you mean". Empty where it knows none. */
export function keysOfSchema(schema: z.ZodType, path: Path): readonly string[] {
  let at: z.ZodType = schema;
  for (const step of path) {
    at = unwrap(at);
    if (at instanceof z.ZodArray) at = at.element as z.ZodType;
    else if (at instanceof z.ZodObject) at = (at.shape as Record<string, z.ZodType>)[String(step)] ?? z.unknown();
    else return [];
  }
  const end = unwrap(at);
  return end instanceof z.ZodObject ? Object.keys(end.shape as object) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  return schema;
}
