import { seededRandom, type Random } from '../../random.ts';

/** The values that a template may use while one request is made. */
export interface TemplateScope {
  readonly random: Random;
  /** The number of the request, from 0. */
  readonly n: number;
  /** The number of the user, from 0. It stays the same for one user. */
  readonly user: number;
  /** A unique readable text. The audit of writes finds the stored write by it. */
  readonly token: string;
}

/** Returns a value for one request. */
export type Draw = (scope: TemplateScope) => string | number;

/** Values that one part of a request names and a later part repeats. Each request overwrites them. */
export type Names = Map<string, string | number>;

interface Expression {
  readonly usage: string;
  /** Takes the words after the expression's name. Returns a text that says what is wrong when they are wrong. */
  compile(args: readonly string[], names: Names): Draw | string;
}

const DAY_MS = 86_400_000;
const BYTES_MAX = 1_048_576;

const between = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1));

/** Returns two whole numbers in order, or a text that says what is wrong. */
function bounds(args: readonly string[]): readonly [number, number] | string {
  const [low, high] = args.map(Number);
  if (args.length !== 2 || low === undefined || high === undefined) return 'takes a lowest and a highest number';
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) return 'takes whole numbers';
  return low <= high ? [low, high] : `has its lowest number ${low} above its highest ${high}`;
}

/** Returns midnight UTC of a date, epoch milliseconds; NaN when there is no such date (2027-02-30). */
function dayOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? NaN : at;
}

const constant =
  (draw: Draw) =>
  (args: readonly string[]): Draw | string =>
    args.length === 0 ? draw : 'takes no words after its name';

const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  int: {
    usage: '{{int 1 10000}}',
    compile(args) {
      const range = bounds(args);
      return typeof range === 'string' ? range : ({ random }) => between(random, range[0], range[1]);
    },
  },
  user: {
    usage: '{{user 1 10000}}',
    compile(args) {
      const range = bounds(args);
      return typeof range === 'string' ? range : ({ user }) => range[0] + (user % (range[1] - range[0] + 1));
    },
  },
  pick: {
    usage: '{{pick email sms}}',
    compile(args) {
      if (args.length === 0) return 'needs at least one word to pick from';
      return ({ random }) => args[Math.floor(random() * args.length)] ?? '';
    },
  },
  bytes: {
    usage: '{{bytes 2048 8192}}',
    compile(args) {
      const range = bounds(args);
      if (typeof range === 'string') return range;
      const [low, high] = range;
      if (low < 0 || high > BYTES_MAX) return `takes from 0 to ${BYTES_MAX} bytes`;
      const pool = noise(high + 65_536);
      return ({ random }) => {
        const length = between(random, low, high);
        const from = between(random, 0, pool.length - length);
        return pool.toString('base64', from, from + length);
      };
    },
  },
  date: {
    usage: '{{date 2027-06-01 2027-09-30}}',
    compile(args) {
      const [first, last] = args.map(dayOf);
      if (args.length !== 2 || first === undefined || last === undefined) return 'takes a first and a last date';
      if (Number.isNaN(first) || Number.isNaN(last)) return 'takes dates written as 2027-06-01';
      if (first > last) return 'has its first date after its last';
      const days = (last - first) / DAY_MS;
      return ({ random }) => new Date(first + between(random, 0, days) * DAY_MS).toISOString().slice(0, 10);
    },
  },
  token: { usage: '{{token}}', compile: constant(({ token }) => token) },
  n: { usage: '{{n}}', compile: constant(({ n }) => n) },
  again: {
    usage: '{{again NAME}} after {{int 1 9 as NAME}}',
    compile(args, names) {
      const [name] = args;
      if (name === undefined || args.length !== 1) return 'takes one name';
      if (!names.has(name)) return `repeats the name "${name}", and no template before it ends in "as ${name}"`;
      return () => names.get(name) ?? '';
    },
  },
};

/** All expressions, for a hint. */
export const USAGES = Object.values(EXPRESSIONS)
  .map(({ usage }) => usage)
  .join(', ');

/** Returns bytes that do not compress. They are the same on every machine. */
function noise(length: number): Buffer {
  const known = pools.get(length);
  if (known !== undefined) return known;
  const random = seededRandom(length);
  const made = Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
  pools.set(length, made);
  return made;
}

/** Pools of noise by their length. They are kept, because making a pool takes milliseconds. */
const pools = new Map<number, Buffer>();

/**
 * Compiles one expression, given without its braces. An expression that ends in "as NAME" keeps its value under that
 * name. Returns a text that says what is wrong when it is wrong.
 */
export function compileExpression(source: string, names: Names): Draw | string {
  const words = source.trim().split(/\s+/);
  const keep = words.at(-2) === 'as' && /^\w+$/.test(words.at(-1) ?? '') ? words.at(-1) : undefined;
  const [name = '', ...args] = keep === undefined ? words : words.slice(0, -2);
  const expression = Object.hasOwn(EXPRESSIONS, name) ? EXPRESSIONS[name] : undefined;
  if (expression === undefined) return `"{{${source}}}" is not a template`;
  const draw = expression.compile(args, names);
  if (typeof draw === 'string') return `"{{${source}}}" ${draw}`;
  if (keep === undefined) return draw;
  names.set(keep, '');
  return (scope) => {
    const value = draw(scope);
    names.set(keep, value);
    return value;
  };
}
