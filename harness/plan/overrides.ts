import { isSeq, parse } from 'yaml';
import type { Problem } from '../core/plan/problem.ts';
import type { Path } from '../core/plan/mismatch.ts';
import type { Source } from './source/source.ts';

export interface Override {
  /** The text after --set. */
  readonly text: string;
  readonly path: Path;
}

/**
 * Applies `path=value` overrides to the file's document, in their order. Values are read as YAML. An empty value
 * removes the key.
 */
export function applyOverrides(
  source: Source,
  texts: readonly string[],
): { overrides: Override[]; problems: Problem[] } {
  const overrides: Override[] = [];
  const problems: Problem[] = [];
  for (const text of texts) {
    const equals = text.indexOf('=');
    const path = text
      .slice(0, equals)
      .split('.')
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    try {
      if (equals < 1 || path.includes('')) throw new Error('it is not of the form path=value');
      beyondList(source, path);
      const value: unknown = parse(text.slice(equals + 1), { maxAliasCount: 0 });
      if (value === null) source.doc.deleteIn(path);
      else source.doc.setIn(path, value);
      overrides.push({ text, path });
    } catch (error) {
      const message = `--set ${text} cannot be applied: ${(error as Error).message.split('\n')[0] ?? ''}`;
      problems.push({
        file: `--set ${text}`,
        code: 'CHAOS_OVERRIDE',
        message,
        hint: 'Write a path of the experiment and a value: --set phases.baseline=10s, --set faults.0.kill.for=5s.',
        severity: 'error',
      });
    }
  }
  return { overrides, problems };
}

/** Throws when a path leads beyond the end of a list: an index far beyond would fill the list with empty items. */
function beyondList({ doc }: Source, path: Path): void {
  path.forEach((step, i) => {
    const list: unknown = i === 0 ? doc.contents : doc.getIn(path.slice(0, i), true);
    if (!isSeq(list)) return;
    const length = list.items.length;
    if (typeof step !== 'number')
      throw new Error(`"${path.slice(0, i).join('.')}" is a list: write a number from 0 after it`);
    if (step > length || (step === length && i < path.length - 1))
      throw new Error(
        `"${path.slice(0, i).join('.')}" has only ${length} item${length === 1 ? '' : 's'}, counted from 0`,
      );
  });
}

/** Returns a problem, with the override as its place when an override gave the wrong value. */
export function blame(problem: Problem, path: Path, overrides: readonly Override[]): Problem {
  const guilty = overrides.findLast((o) => o.path.every((step, i) => i >= path.length || step === path[i]));
  if (guilty === undefined) return problem;
  const { code, message, hint, severity } = problem;
  return { file: `--set ${guilty.text}`, code, message, hint, severity };
}
