import { z } from 'zod';
import { describeError } from '../core/errors.ts';
import { UNITS } from '../core/units.ts';
import { didYouMean } from '../kit/suggest.ts';
import type { Config } from './config.ts';

/** Names that a config may not use, because this version has them. */
export interface Taken {
  /** Faults and steps: they stand in the same list of an experiment. */
  readonly faults: readonly string[];
  /** Checks and series: a record may name a series as a check. */
  readonly figures: readonly string[];
  readonly reporters: readonly string[];
  /** The files in the folder of a run. */
  readonly files: readonly string[];
}

/** What is wrong with a config, in words. */
export interface ConfigMistake {
  /** The name of the thing that has the mistake. Undefined when it has none. */
  readonly name: string | undefined;
  readonly message: string;
  readonly hint: string;
}

type Kind = keyof Config;
type Thing = Readonly<Record<string, unknown>>;

const KEYS: readonly Kind[] = ['faults', 'checks', 'series', 'reporters'];
const DEFINE: Readonly<Record<Kind, string>> = {
  faults: 'defineFault',
  checks: 'defineCheck',
  series: 'defineSeries',
  reporters: 'defineReporter',
};
/** The functions without which a thing cannot be used. */
const FUNCTIONS: Readonly<Record<Kind, readonly string[]>> = {
  faults: ['aims', 'undoes', 'observers', 'inject', 'prove', 'bind'],
  checks: ['refers', 'describe', 'evaluate'],
  series: ['read'],
  reporters: ['render'],
};

const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null;
const named = (value: unknown): string | undefined =>
  isThing(value) && typeof value['name'] === 'string' ? value['name'] : undefined;

/** Returns the first mistake in the default export of a config file; undefined when there is none. */
export function mistakeIn(config: unknown, taken: Taken): ConfigMistake | undefined {
  if (!isThing(config) || Array.isArray(config)) {
    const hint = 'Write `export default defineConfig({ faults: [], checks: [], series: [], reporters: [] })`.';
    return { name: undefined, message: 'the config has no default export that is an object', hint };
  }
  for (const [key, value] of Object.entries(config)) {
    const known = KEYS.find((kind) => kind === key);
    if (known === undefined) return { name: undefined, message: `unknown key "${key}"`, hint: didYouMean(key, KEYS) };
    if (value === undefined) continue;
    if (!Array.isArray(value))
      return { name: undefined, message: `"${key}" must be a list`, hint: `Write ${key}: [ ... ].` };
    const mistake = mistakeOfList(known, value, taken);
    if (mistake !== undefined) return mistake;
  }
  return (
    twice([...listOf(config, 'faults')]) ??
    twice([...listOf(config, 'checks'), ...listOf(config, 'series')]) ??
    twice([...listOf(config, 'reporters')])
  );
}

const listOf = (config: Thing, kind: Kind): readonly unknown[] => {
  const list = config[kind];
  return Array.isArray(list) ? list : [];
};

function twice(things: readonly unknown[]): ConfigMistake | undefined {
  const names = things.map(named);
  const name = names.find((one, i) => names.indexOf(one) !== i);
  if (name === undefined) return undefined;
  return { name, message: `two things are named "${name}"`, hint: 'Rename one of them.' };
}

function mistakeOfList(kind: Kind, list: readonly unknown[], taken: Taken): ConfigMistake | undefined {
  for (const [i, thing] of list.entries()) {
    const where = `${kind}[${i}]`;
    const name = named(thing);
    const wrong = (message: string, hint: string): ConfigMistake => ({
      name,
      message: `${where}${name === undefined ? '' : ` "${name}"`}: ${message}`,
      hint,
    });
    if (!isThing(thing)) return wrong('it is no object', `Write ${DEFINE[kind]}({ ... }).`);
    if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name))
      return wrong(
        'it has no name that can be used',
        'Write name: lower-case words joined by _, for example open_files.',
      );
    if (namesTaken(kind, taken).includes(name))
      return wrong('this version has a thing of this name', 'Give it another name: nothing that ships is replaced.');
    const missing = FUNCTIONS[kind].find((key) => typeof thing[key] !== 'function');
    if (missing === 'bind') return wrong('it was not made by defineFault', 'Write defineFault({ ... }) around it.');
    if (missing !== undefined)
      return wrong(`it has no function "${missing}"`, `${DEFINE[kind]} has types for all of it.`);
    if (kind !== 'reporters' && typeof thing['summary'] !== 'string')
      return wrong('it has no summary', 'Write summary: one sentence. Editors and `chaos explain` show it.');
    const own = ofKind(kind, thing, taken);
    if (own !== undefined) return wrong(own.message, own.hint);
  }
  return undefined;
}

const namesTaken = (kind: Kind, { faults, figures, reporters }: Taken): readonly string[] =>
  kind === 'faults' ? faults : kind === 'reporters' ? reporters : figures;

type Wrong = Omit<ConfigMistake, 'name'> | undefined;

function ofKind(kind: Kind, thing: Thing, taken: Taken): Wrong {
  if (kind === 'reporters') return ofReporter(thing, taken);
  if (kind === 'series') return ofSeries(thing);
  const { params, example } = thing;
  if (!(params instanceof z.ZodType))
    return { message: '"params" is no schema', hint: "Write it with the `z` that 'chaos' exports, or with zod 4." };
  const { data, error } = params.safeParse(example);
  if (error !== undefined)
    return {
      message: `"params" refuses the example: ${z.prettifyError(error)}`,
      hint: 'Write the example as an experiment has it.',
    };
  const describe = thing[kind === 'faults' ? 'undoes' : 'describe'];
  try {
    const text: unknown = typeof describe === 'function' ? describe.call(thing, data) : undefined;
    if (typeof text === 'string') return undefined;
    return { message: 'it does not describe its example with a text', hint: 'Return a text.' };
  } catch (error) {
    return { message: `it cannot describe its example: ${describeError(error)}`, hint: 'Try it with the example.' };
  }
}

function ofSeries({ unit, everyMs, example }: Thing): Wrong {
  if (!Object.keys(UNITS).includes(String(unit)))
    return { message: `it has no unit "${String(unit)}"`, hint: didYouMean(String(unit), Object.keys(UNITS)) };
  if (typeof everyMs !== 'number' || !(everyMs > 0))
    return { message: '"everyMs" is no number above 0', hint: 'Write the milliseconds from one reading to the next.' };
  const { above, below } = isThing(example) ? example : {};
  if ((above === undefined) !== (below === undefined)) return undefined;
  return { message: 'its example has no limit', hint: 'Write example: { above: 10 }, or below.' };
}

function ofReporter({ file, name }: Thing, { files }: Taken): Wrong {
  if (typeof file !== 'string' || !/^[\w-][\w.-]*$/.test(file))
    return {
      message: '"file" is no name of a file',
      hint: `Write file: '${String(name)}.txt'. It goes into the folder of the run.`,
    };
  if (files.includes(file)) return { message: `${file} is a file of every run`, hint: 'Choose another name.' };
  return undefined;
}
