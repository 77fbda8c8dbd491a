import { ChaosError } from '../errors.ts';
import { seededRandom, type Random } from '../random.ts';

/** What a template may draw on while one request is made. */
export interface TemplateScope {
  readonly random: Random;
  /** Number of the request, from 0. */
  readonly n: number;
  /** Whose request it is: a whole number from 0 that stays the same for one user. */
  readonly user: number;
  /** Unique readable text by which a stored write is found again. */
  readonly token: string;
}

/** A value without templates in it: made anew for each request. */
export type Template = (scope: TemplateScope) => unknown;

export interface TemplateProblem {
  /** Keys and indices from the checked value down to the text with the problem. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly hint: string;
}

type Draw = (scope: TemplateScope) => string | number;

/** Values that one part of a body names and a later part repeats: overwritten by each request. */
type Names = Map<string, string | number>;

/** Takes the words after the name; answers a text when they are wrong. */
interface Expression {
  readonly usage: string;
  compile(args: readonly string[], names: Names): Draw | string;
}

const DAY_MS = 86_400_000;
const BYTES_MAX = 1_048_576;

const between = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1));

/** Two whole numbers in order, or what is wrong with them. */
function bounds(args: readonly string[]): readonly [number, number] | string {
  const [low, high] = args.map(Number);
  if (args.length !== 2 || low === undefined || high === undefined) return 'takes a lowest and a highest number';
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) return 'takes whole numbers';
  return low <= high ? [low, high] : `has its lowest number ${low} above its highest ${high}`;
}

/** Midnight UTC of a date as written, NaN for what is none (such as 2027-02-30). */
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
      if (!names.has(name)) return `repeats a name that nothing before it gives: "as ${name}"`;
      return () => names.get(name) ?? '';
    },
  },
};

const USAGES = Object.values(EXPRESSIONS)
  .map(({ usage }) => usage)
  .join(', ');

/** Bytes that do not compress, the same on every machine. */
function noise(length: number): Buffer {
  const random = seededRandom(length);
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
}

/** One expression without its braces, its value kept under a name where it ends in "as NAME". */
function compileExpression(source: string, names: Names): Draw | string {
  const [, plain = '', keep] = /^\s*(.*?)(?:\s+as\s+(\w+))?\s*$/.exec(source) ?? [];
  const [name = '', ...args] = plain.split(/\s+/);
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

/** A text that is exactly one template keeps the template's own type; mixed with other text it is a text. */
function compileText(text: string, names: Names, report: (what: string) => void): Draw {
  const parts: (string | Draw)[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{\{([^{}]*)\}\}/g)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const compiled = compileExpression(match[1] ?? '', names);
    if (typeof compiled === 'string') report(compiled);
    else parts.push(compiled);
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  if (parts.some((part) => typeof part === 'string' && /\{\{|\}\}/.test(part))) {
    report(`"${text}" has braces that do not pair up`);
  }
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'function') return only;
  if (parts.every((part) => typeof part === 'string')) return () => text;
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : part(scope))).join('');
}

type Report = (problem: TemplateProblem) => void;

function compile(value: unknown, path: readonly (string | number)[], names: Names, report: Report): Template {
  if (typeof value === 'string') {
    return compileText(value, names, (what) => report({ path, what, hint: `Write one of ${USAGES}.` }));
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compile(item, [...path, index], names, report));
    return (scope) => items.map((item) => item(scope));
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([key, item]) => [key, compile(item, [...path, key], names, report)] as const,
    );
    return (scope) => {
      const made: Record<string, unknown> = {};
      for (const [key, field] of fields) made[key] = field(scope);
      return made;
    };
  }
  return () => value;
}

/** Everything wrong with the templates in a query or body, each with its path; empty when all is well. */
export function templateProblems(value: unknown): readonly TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  compile(value, [], new Map(), (problem) => problems.push(problem));
  return problems;
}

/**
 * Compiles a query or body once; the result is cheap to call and draws the same values from the same random numbers.
 * Throws CHAOS_TEMPLATE_INVALID for what `templateProblems` would have reported.
 */
export function compileTemplate(value: unknown): Template {
  return compile(value, [], new Map(), ({ path, what, hint }) => {
    throw new ChaosError('CHAOS_TEMPLATE_INVALID', { what, hint, exit: 'bad-input', facts: { path } });
  });
}

/** Whether the token occurs: without it an audit by value cannot find a write again. */
export function usesToken(value: unknown): boolean {
  if (typeof value === 'string') return /\{\{\s*token\b/.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(usesToken);
}
