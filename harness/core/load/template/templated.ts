import { ChaosError } from '../../errors.ts';
import { type Names, type TemplateScope, USAGES } from './expressions.ts';
import { compileJson } from './json.ts';
import { compileText, partsOf } from './text.ts';

/** The parts of a request that may have templates. A part may repeat what a part before it has named. */
export interface Templated {
  /** The path as it is sent, with its query if it has one. Values of templates are percent-encoded in it. */
  readonly path: string;
  /** What is added to the query: names with their values. Names and values are percent-encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** JSON text. Undefined when there is no body. */
  readonly body: string | undefined;
}

export interface TemplateProblem {
  /** The keys and indices that lead from the request to the text with the problem. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly hint: string;
}

/** Makes the path and the body of one request. */
export interface RequestTemplate {
  path(scope: TemplateScope): string;
  body(scope: TemplateScope): string | undefined;
}

type Report = (path: TemplateProblem['path'], what: string, hint?: string) => void;

const HINT = `Write one of ${USAGES}. Braces that are meant literally are doubled: {{{{ and }}}}.`;

const encoded = (value: string | number): string => encodeURIComponent(value);

/** The templates in a path, each value encoded. The rest of the path is sent as it is written. */
function compilePath(text: string, names: Names, report: Report): (scope: TemplateScope) => string {
  const parts = partsOf(text, names, (what) => report(['path'], what));
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : encoded(part(scope)))).join('');
}

function compileQuery(
  query: Templated['query'],
  names: Names,
  report: Report,
): readonly ((scope: TemplateScope) => string)[] {
  return Object.entries(query).map(([name, value]) => {
    const at = ['query', name];
    // encodeURIComponent throws for half of a pair of surrogates.
    if (!`${name}${value}`.isWellFormed()) report(at, 'it has half of a character', 'Write the whole character.');
    const compiled = (text: string) => compileText(text, names, (what) => report(at, what)).draw;
    const [key, drawn] = [compiled(name), compiled(value)];
    return (scope) => `${encoded(key(scope))}=${encoded(drawn(scope))}`;
  });
}

/** Returns the character between a path and what is added to its query; '' when the path already ends with one. */
const joint = (path: string): string => (!path.includes('?') ? '?' : /[?&]$/.test(path) ? '' : '&');

/** Compiles a request once. Throws CHAOS_TEMPLATE_INVALID for a mistake that `templateProblems` would report. */
export function compileRequest({ path, query, body }: Templated): RequestTemplate {
  const names: Names = new Map();
  const refuse: Report = (at, what, hint = HINT) => {
    throw new ChaosError('CHAOS_TEMPLATE_INVALID', { what, hint, exit: 'bad-input', facts: { path: at } });
  };
  const pathOf = compilePath(path, names, refuse);
  const pairs = compileQuery(query, names, refuse);
  const bodyOf = body === undefined ? undefined : compileJson(body, names, (what) => refuse(['body'], what));
  return {
    path(scope) {
      const begins = pathOf(scope);
      return pairs.length === 0 ? begins : begins + joint(begins) + pairs.map((pair) => pair(scope)).join('&');
    },
    body: (scope) => bodyOf?.(scope),
  };
}

/** Returns every mistake in the templates of a request, each with its path. `body`: the value of the JSON text. */
export function templateProblems(request: Omit<Templated, 'body'> & { readonly body: unknown }): TemplateProblem[] {
  const names: Names = new Map();
  const problems: TemplateProblem[] = [];
  const report: Report = (path, what, hint = HINT) => void problems.push({ path, what, hint });
  compilePath(request.path, names, report);
  compileQuery(request.query, names, report);
  bodyProblems(request.body, ['body'], names, report);
  return problems;
}

function bodyProblems(value: unknown, at: readonly (string | number)[], names: Names, report: Report): void {
  if (typeof value === 'string') compileText(value, names, (what) => report(at, what));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const inside = [...at, Array.isArray(value) ? Number(key) : key];
    if (!Array.isArray(value)) compileText(key, names, (what) => report(inside, what));
    bodyProblems(item, inside, names, report);
  }
}

/** Says whether the token occurs in a value. Without it the audit of writes cannot find the stored write. */
export function usesToken(value: unknown): boolean {
  if (typeof value === 'string') return /\{\{\s*token\b/.test(value.replaceAll('{{{{', ''));
  return typeof value === 'object' && value !== null && Object.values(value).some(usesToken);
}
