import type { Draw, Names, TemplateScope } from './expressions.ts';
import { compileText, hasTemplate } from './text.ts';

/**
 * Compiles JSON text. Its strings may be templates, the names of members too. Everything else is sent byte for byte:
 * numbers of any size, blanks, the order of members. `json` must be valid.
 */
export function compileJson(
  json: string,
  names: Names,
  report: (what: string) => void,
): (scope: TemplateScope) => string {
  const parts: (string | Draw)[] = [];
  let end = 0;
  for (const [from, to] of textsIn(json)) {
    const written = json.slice(from, to);
    const text = JSON.parse(written) as string;
    if (!hasTemplate(text)) continue;
    parts.push(json.slice(end, from), compileText(text, names, report).draw);
    end = to;
  }
  parts.push(json.slice(end));
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part(scope)))).join('');
}

/** Yields where each string of valid JSON begins and ends, with its quotes. */
function* textsIn(json: string): Generator<readonly [from: number, to: number]> {
  for (let from = json.indexOf('"'); from !== -1;) {
    let to = from + 1;
    while (to < json.length && json[to] !== '"') to += json[to] === '\\' ? 2 : 1;
    yield [from, to + 1];
    from = json.indexOf('"', to + 1);
  }
}
