import { isSeq, parse } from 'yaml';
import type { Problem } from '../core/problem.ts';
import type { Path, Source } from './source.ts';

export interface Override {
  /** As written after --set. */
  readonly text: string;
  readonly path: Path;
}

/** Lays `path=value` overrides over the file's document, in their order; values are read as YAML, and nothing takes the key away. */
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

/** An index far beyond a list's end would fill it with nothing. */
function beyondList({ doc }: Source, path: Path): void {
  path.forEach((step, i) => {
    const list: unknown = i === 0 ? doc.contents : doc.getIn(path.slice(0, i), true);
    if (!isSeq(list)) return;
    const length = list.items.length;
    if (typeof step !== 'number')
      throw new Error(`"${path.slice(0, i).join('.')}" is a list: after it comes a number from 0`);
    if (step > length || (step === length && i < path.length - 1))
      throw new Error(
        `"${path.slice(0, i).join('.')}" has only ${length} item${length === 1 ? '' : 's'}, counted from 0`,
      );
  });
}

/** A mistake in what an override gave is reported as the override's, not as the file's. */
export function blame(problem: Problem, path: Path, overrides: readonly Override[]): Problem {
  const guilty = overrides.findLast((o) => o.path.every((step, i) => i >= path.length || step === path[i]));
  if (guilty === undefined) return problem;
  const { code, message, hint, severity } = problem;
  return { file: `--set ${guilty.text}`, code, message, hint, severity };
}
