import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { catalogue } from '../harness/main.ts';
import { experimentSchema } from '../harness/plan/index.ts';

/** A part of a JSON Schema, as far as experiments use it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly maxProperties?: number;
  readonly description?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The lists of an experiment whose items are a name with its parameters, with the interface that has the names. */
const LISTS = {
  faults: 'Faults',
  hypotheses: 'Hypotheses',
  stop_if: 'StopConditions',
  controllers: 'Controllers',
  charts: 'Charts',
} as const;

const described = ({ description }: Schema): string =>
  description === undefined ? '' : `/** ${description.replaceAll('*/', '* /')} */\n`;

/** Returns a key with its type. A key that may be left out may also be undefined. */
const keyed = (key: string, type: string, required: boolean): string =>
  required ? `${key}: ${type}` : `${key}?: ${type === 'unknown' ? type : `${type} | undefined`}`;

const keys = ({ properties = {}, required = [] }: Schema): string =>
  Object.entries(properties)
    .map(([key, schema]) => {
      return `${described(schema)}readonly ${keyed(JSON.stringify(key), typeOf(schema), required.includes(key))};`;
    })
    .join('\n');

/** The name of a series has an interface, so that a program can add its own. */
const isSeriesName = ({ enum: values = [] }: Schema): boolean => values.includes('throughput');

const literals = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(' | ');

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return 'OneOf<Faults>';
  if (schema.const !== undefined) return literals([schema.const]);
  if (schema.enum !== undefined) return isSeriesName(schema) ? 'keyof SeriesNames' : literals(schema.enum);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'number':
      return schema.type;
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'object': {
      if (schema.properties !== undefined) return `{ ${keys(schema)} }`;
      const values = schema.additionalProperties;
      return `Readonly<Record<string, ${typeof values === 'object' ? typeOf(values) : 'unknown'}>>`;
    }
    default:
      return 'unknown';
  }
}

/** Returns the types of an experiment as TypeScript, made from its JSON Schema. */
export function experimentTypes(schema: Schema): string {
  const { properties = {}, definitions = {} } = schema;
  const itemOf = (list: Schema | undefined): Schema => {
    const item = list?.items ?? {};
    return item.$ref === undefined ? item : (definitions[item.$ref.replace('#/definitions/', '')] ?? {});
  };
  const kinds = Object.entries(LISTS).map(([list, name]) => {
    const { properties: named = {} } = itemOf(properties[list]);
    const whole: Schema = { properties: named, required: Object.keys(named) };
    return `/** What stands under \`${list}\`, by name. A program adds its own with \`declare module 'chaos'\`. */\nexport interface ${name} {\n${keys(whole)}\n}`;
  });
  const seriesNames = itemOf(properties['charts']).properties?.['series']?.properties?.['name']?.enum ?? [];
  const lists = Object.entries(LISTS).map(([list, name]) => [list, name] as const);
  const top = Object.entries(properties).map(([key, of]) => {
    const [, name] = lists.find(([list]) => list === key) ?? [];
    const type = name === undefined ? typeOf(of) : `readonly OneOf<${name}>[]`;
    return `${described(of)}readonly ${keyed(key, type, schema.required?.includes(key) === true)};`;
  });
  return `// Made by \`npm run generate\` from the schema of experiment files. Change nothing here.

/** An object with one of the keys of \`T\`. */
export type OneOf<T> = { [K in keyof T]: { readonly [Key in K]: T[K] } }[keyof T];

${kinds.join('\n\n')}

/** The names of series. */
export interface SeriesNames {
${seriesNames.map((name) => `readonly ${JSON.stringify(name)}: true;`).join('\n')}
}

/** An experiment as an object. Paths count from the working folder. */
export interface Experiment {
${top.join('\n')}
}
`;
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', 'harness', 'library', 'experiment.ts');
  const text = experimentTypes(experimentSchema(catalogue) as Schema);
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}
