import { compileExpression, type Draw, type Names } from './expressions.ts';

/**
 * The parts of a text that are not sent as they are: braces that are doubled because they are meant literally, and
 * expressions.
 */
const SPECIAL = /\{\{\{\{|\}\}\}\}|\{\{([^{}]*)\}\}/g;
const LITERAL: Readonly<Record<string, string>> = { '{{{{': '{{', '}}}}': '}}' };

/** A text with templates. */
export interface TextTemplate {
  readonly draw: Draw;
  /** The text, when it is the same for each request. */
  readonly fixed: string | undefined;
}

/** Whether a text has anything that is not sent as it is. */
export const hasTemplate = (text: string): boolean => text.includes('{{') || text.includes('}}');

/**
 * Returns a text in parts: what is sent as it is, and what is drawn for each request. `{{{{` stands for `{{`, and `}}}}`
 * for `}}`. `report` receives each mistake.
 */
export function partsOf(text: string, names: Names, report: (what: string) => void): readonly (string | Draw)[] {
  const parts: (string | Draw)[] = [];
  let end = 0;
  const literally = (to: number): void => {
    const between = text.slice(end, to);
    if (hasTemplate(between)) report(`"${text}" has braces that do not pair up`);
    if (between !== '') parts.push(between);
  };
  for (const match of text.matchAll(SPECIAL)) {
    literally(match.index);
    end = match.index + match[0].length;
    const braces = LITERAL[match[0]];
    const compiled = braces ?? compileExpression(match[1] ?? '', names);
    if (braces === undefined && typeof compiled === 'string') report(compiled);
    else parts.push(compiled);
  }
  literally(text.length);
  return parts;
}

/** Compiles a text. A text that is one expression and nothing else gets the type of the expression's value. */
export function compileText(text: string, names: Names, report: (what: string) => void): TextTemplate {
  const parts = partsOf(text, names, report);
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'function') return { draw: only, fixed: undefined };
  if (parts.every((part) => typeof part === 'string')) {
    const fixed = parts.join('');
    return { draw: () => fixed, fixed };
  }
  const draw: Draw = (scope) => parts.map((part) => (typeof part === 'string' ? part : part(scope))).join('');
  return { draw, fixed: undefined };
}
