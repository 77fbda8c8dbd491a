import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { Problem } from '../core/plan/problem.ts';
import { visible } from '../core/text/visible.ts';

/** Returns problems as text for a terminal: place, code, message, the line with a mark, and the hint. */
export const renderProblems = (problems: readonly Problem[], cwd: string): string =>
  problems.map((problem) => renderProblem(problem, cwd)).join('');

function renderProblem({ file, line, column, code, message, hint, severity }: Problem, cwd: string): string {
  const shown = isAbsolute(file) ? relative(cwd, file) || file : file;
  const place = [shown, line, column].filter((part) => part !== undefined).join(':');
  const frame = line === undefined || column === undefined ? '' : codeFrame(file, line, column);
  return `${plain(`${place}  ${severity} ${code}  ${message}`)}\n${frame}    = ${plain(hint)}\n`;
}

/** Makes control characters visible, and masks the password before the @ of an address. */
const plain = (text: string): string =>
  visible(text.replaceAll(/[\n\t]/g, ' ')).replaceAll(
    /(:\/\/[^\s:/@]*:)([^\s@]+)(?=@)/g,
    (_all, before: string, secret: string) => before + '*'.repeat(secret.length),
  );

function codeFrame(file: string, line: number, column: number): string {
  let text: string | undefined;
  try {
    text = readFileSync(file, 'utf8').split('\n')[line - 1];
  } catch {
    return '';
  }
  if (text === undefined) return '';
  const number = String(line).padStart(5);
  // Long lines are cut around the place.
  const from = Math.max(0, column - 60);
  const part = plain(text).slice(from, from + 110);
  return `${number} | ${part}\n${' '.repeat(5)} | ${' '.repeat(column - 1 - from)}^\n`;
}
