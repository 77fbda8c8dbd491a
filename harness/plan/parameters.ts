import type { z } from 'zod';
import { expectedAt } from './keys.ts';
import { inputSchema } from './schema.ts';

/** One key of a fault, a check or a step, for people. */
export interface Parameter {
  /** "service", or "role.of" for a key of a map within the map. */
  readonly name: string;
  /** "text", "duration", "primary | standby", "list of steps". */
  readonly type: string;
  readonly required: boolean;
  /** As a person writes it. Null when there is none. */
  readonly default: string | null;
  readonly description: string;
  readonly examples: readonly string[];
}

/** The parts of a JSON Schema that are used here. */
interface Json {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly maxProperties?: number;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Json>>;
}

/** Returns the keys of a strict object, and the keys of the maps in it. Returns none for a list of steps. */
export function parametersOf(schema: z.ZodType): Parameter[] {
  const top = inputSchema(schema) as Json;
  const resolve = (json: Json): Json =>
    json.$ref === undefined ? json : { ...top.definitions?.[json.$ref.split('/').at(-1) ?? ''], ...json };
  const keysOf = ({ properties = {}, required = [] }: Json, before: readonly string[]): Parameter[] =>
    Object.entries(properties).flatMap(([key, found]) => {
      const [json, path] = [resolve(found), [...before, key]];
      const { default: fallback } = expectedAt(schema, path);
      const mine: Parameter = {
        name: path.join('.'),
        type: typeText(json),
        required: required.includes(key),
        default: fallback === undefined ? null : written(fallback, json),
        description: json.description ?? '',
        examples: (json.examples ?? []).map((example) => written(example, json)),
      };
      return [mine, ...keysOf(json, path)];
    });
  return keysOf(resolve(top), []);
}

/** The kinds of text with a unit, by the end of their pattern. */
const QUANTITIES = { duration: '(?:ms|s|m|h)$', rate: '(?:s|min|h)$', percentage: '%$' } as const;

/** A longer enumeration is not written out. The description says where its names are listed. */
const MOST_OPTIONS = 8;

function typeText(json: Json): string {
  if (typeof json.const === 'string') return json.const;
  if (json.enum !== undefined) return json.enum.length > MOST_OPTIONS ? 'name' : json.enum.map(String).join(' | ');
  if (json.anyOf !== undefined) return json.anyOf.map(typeText).join(' or ');
  if (Array.isArray(json.type)) return json.type.map((type: string) => typeText({ type })).join(' or ');
  switch (json.type) {
    case 'array': {
      const item = typeText(json.items ?? {});
      return item === 'step' || item === 'text' ? `list of ${item}s` : `list of ${item}`;
    }
    case 'integer':
      return `whole number${limits(json)}`;
    case 'number':
      return `number${limits(json)}`;
    case 'boolean':
      return 'true | false';
    case 'object':
      return json.maxProperties === 1 ? 'step' : 'map';
    default:
      return quantityOf(json) ?? 'text';
  }
}

const quantityOf = ({ pattern = '' }: Json): string | undefined =>
  Object.entries(QUANTITIES).find(([, end]) => pattern.endsWith(end))?.[0];

/** Returns the limits of a number as text. zod writes the greatest safe integer when there is no limit. */
function limits({ minimum, exclusiveMinimum, maximum }: Json): string {
  const from = minimum ?? exclusiveMinimum;
  const least =
    from === undefined || from <= Number.MIN_SAFE_INTEGER
      ? []
      : [minimum === undefined ? `above ${from}` : `from ${from}`];
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`to ${maximum}`];
  return [...least, ...most].map((part) => ` ${part}`).join('');
}

/** Returns a value as a person writes it. A default that is a duration comes from the schema in milliseconds. */
function written(value: unknown, json: Json): string {
  if (typeof value === 'number' && quantityOf(json) === 'duration')
    return value % 1_000 === 0 ? `${value / 1_000}s` : `${value}ms`;
  if (Array.isArray(value)) return `[${value.map((item: unknown) => written(item, json.items ?? {})).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
