import { isScalar, visit } from 'yaml';
import type { ErrorCode } from '../../core/errors.ts';
import type { Problem } from '../../core/plan/problem.ts';
import { redact } from '../../core/text/redact.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import { placeOf, type Source } from '../source/source.ts';

/**
 * Returns the reason for which Compose refuses the files, in its own words, at the place that they name. `first`: the
 * file of a reason that names no place.
 */
export function refusal(why: string, sources: readonly Source[], first: string): Problem {
  return problem('CHAOS_COMPOSE_FILE', 'error', `docker compose refuses this: ${oneLine(why)}`, wayOut(why), {
    file: first,
    ...placeNamedIn(why, sources),
  });
}

function wayOut(why: string): string {
  const [, variable] = /variable "?(\w+)"? is (?:missing|not set)/.exec(why) ?? [];
  if (variable !== undefined) return `Set ${variable} in the environment, or in the file .env beside the compose file.`;
  if (why.includes('project name'))
    return 'The name comes from COMPOSE_PROJECT_NAME, from "name" in the file, or from the name of its folder.';
  return 'Correct the file, or the variable that is used there. `docker compose -f FILE config` prints the same.';
}

/** Returns a warning of Compose as a problem, in Compose's own words. */
export function warning(text: string, sources: readonly Source[], first: string): Problem {
  const [, variable] = /"?\b(\w+)"? variable is not set/.exec(text) ?? [];
  const hint =
    variable === undefined
      ? 'Compose goes on. Correct what the warning names.'
      : `Set ${variable}, or write a value for when it is not set: \${${variable}:-value}.`;
  const place = variable === undefined ? placeNamedIn(text, sources) : useOf(variable, sources);
  return problem('CHAOS_COMPOSE_WARNING', 'warning', `docker compose warns: ${oneLine(text)}`, hint, {
    file: first,
    ...place,
  });
}

type Place = Pick<Problem, 'file' | 'line' | 'column'>;

const problem = (
  code: ErrorCode,
  severity: Problem['severity'],
  message: string,
  hint: string,
  place: Place,
): Problem => ({ ...place, code, severity, message, hint });

const oneLine = (text: string): string =>
  redact(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join(' '),
  );

/** "services.app.deploy.replicas", "services[app].mem_limit", "x-chaos.entry". */
const PATH = /(?<![\w./-])(?:services|networks|volumes|configs|secrets|x-[\w-]+)(?:\.[\w-]+|\[[\w.-]+\])*/g;
const NAMED = /\b(service|network|volume|config|secret) "([^"]+)"/g;
const KEY = /Additional property (\S+) is not allowed/;

/** Returns the place that Compose's text names: a file by its path, a value by its own path or name, or a line. */
function placeNamedIn(text: string, sources: readonly Source[]): Place | undefined {
  const inText = sources.filter(({ file }) => text.includes(file));
  const asked = inText.length > 0 ? inText : sources;
  const [, key] = KEY.exec(text) ?? [];
  const paths = [
    ...[...text.matchAll(PATH)].map(([path]) => path.split(/[.[\]]+/).filter((step) => step !== '')),
    ...[...text.matchAll(NAMED)].map(([, kind = '', name = '']) => [`${kind}s`, name]),
  ].map((path) => (key === undefined ? path : [...path, key]));
  const found = [...paths, ...(key === undefined ? [] : [[key]])]
    .flatMap((path) => asked.map((source) => ({ source, path: path.slice(0, depthOf(source, path)) })))
    .filter(({ path }) => path.length > 0)
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  if (found !== undefined) return placeIn(found.source, found.path);
  const [only] = asked.length === 1 ? asked : [];
  const [, line] = /\bline (\d+)\b/.exec(text) ?? [];
  if (only === undefined) return undefined;
  return line === undefined ? { file: only.file } : { file: only.file, line: Number(line), column: 1 };
}

/** Returns the place of a value's key and not of the value: Compose's messages name keys. */
const placeIn = (source: Source, path: Path): Place => ({
  file: source.file,
  ...placeOf(source, path.slice(0, -1), String(path.at(-1))),
});

/** Returns how many steps of a path exist in a file. */
const depthOf = ({ doc }: Source, path: Path): number =>
  path.findLastIndex((_, i) => doc.hasIn(path.slice(0, i + 1))) + 1;

/** Returns the place of the first value that uses a variable. */
function useOf(variable: string, sources: readonly Source[]): Place | undefined {
  const use = new RegExp(`(?<!\\$)\\$(?:${variable}\\b|\\{${variable}\\b)`);
  for (const { file, doc, lines } of sources) {
    let offset: number | undefined;
    visit(doc, {
      Scalar(_key, node) {
        if (!isScalar(node) || typeof node.value !== 'string' || !use.test(node.value)) return undefined;
        offset = node.range?.[0];
        return visit.BREAK;
      },
    });
    if (offset === undefined) continue;
    const { line, col: column } = lines.linePos(offset);
    return { file, line, column };
  }
  return undefined;
}
