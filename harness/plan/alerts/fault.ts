import type { Problem } from '../../core/plan/problem.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { mismatches } from '../names.ts';
import { readParts } from '../parts.ts';
import { experimentShape } from '../schema.ts';
import { problemsOf } from '../source/issues.ts';
import { parseSource, placeOf, valueOf } from '../source/source.ts';
import type { WrittenRule } from './rules.ts';

/** The text before a fault in the list in which it is read. The fault begins in this column, minus one. */
const BEFORE = '  - ';

/**
 * Returns what is wrong with the fault in the annotation of a rule, as `validate` says it of the same fault in an
 * experiment. The place is in the file of the rule. Without a topology, names are not looked up.
 */
export function faultProblems(
  rule: WrittenRule,
  text: string,
  known: Known,
  topology: TopologySpec | undefined,
): readonly Problem[] {
  const { file } = rule.source;
  const annotation = [...rule.path, 'annotations', 'fault'];
  const start = placeOf(rule.source, annotation);
  // The fault may stand after a quote, or below in lines of its own.
  const line = rule.source.text.split('\n')[start.line - 1] ?? '';
  const first = text.split('\n')[0] ?? '';
  const from = line.indexOf(first, start.column - 1);
  const moved = (problem: Problem): Problem => {
    const along = problem.line === 2 && from >= 0 ? (problem.column ?? 1) - 1 - BEFORE.length : undefined;
    const column = along === undefined || along < 0 ? start.column : from + 1 + along;
    return { ...problem, file, line: start.line, column, message: `fault of ${rule.name}: ${problem.message}` };
  };
  const source = parseSource(file, `faults:\n${BEFORE}${text.trim().replaceAll('\n', '\n    ')}\n`);
  if (!('doc' in source)) return source.map(moved);
  const value = valueOf(source);
  const shape = experimentShape(known);
  const issues = shape.safeParse(value).error?.issues ?? [];
  const misshapen = problemsOf(
    issues.filter(({ path }) => path[0] === 'faults'),
    source,
    shape,
  ).map(({ problem }) => moved(problem));
  if (misshapen.length > 0) return misshapen;
  const parts = readParts(source, value, shape, undefined, topology, known.steps);
  return mismatches(parts, known).map(({ path, code, message, hint }) =>
    moved({ file, ...placeOf(source, path), code, message, hint, severity: 'error' }),
  );
}
