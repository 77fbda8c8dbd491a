import { promDuration } from '../../core/alerts/prom-duration.ts';
import { allParts, childrenOf, type Part, textOf, treeOf } from './parse.ts';

/** A part of an expression, and what stands there instead. */
interface Change {
  readonly part: Part;
  readonly to: string;
}

/** Returns the expression with parts replaced. No part may be within another. */
const changed = (text: string, changes: readonly Change[]): string =>
  changes
    .toSorted((a, b) => b.part.from - a.part.from)
    .reduce((done, { part, to }) => done.slice(0, part.from) + to + done.slice(part.to), text);

/** Returns the durations of the ranges: "1h" of `rate(a[1h])` and of `max_over_time(a[1h:5m])`. No offset, and no step. */
const rangesOf = (text: string): readonly Part[] =>
  allParts(treeOf(text))
    .filter(({ name }) => name === 'MatrixSelector' || name === 'SubqueryExpr')
    .flatMap((part) => childrenOf(part).find(({ name }) => name === 'DurationExpr') ?? []);

/** Returns the lengths of the ranges of an expression, milliseconds. */
export const rangesMs = (text: string): readonly number[] =>
  rangesOf(text).map((part) => promDuration(textOf(part, text)));

/** Returns the expression with other ranges. `shorter` gets and returns milliseconds; whole seconds are written. */
export const withRanges = (text: string, shorter: (ms: number) => number): string =>
  changed(
    text,
    rangesOf(text).map((part) => ({ part, to: `${Math.round(shorter(promDuration(textOf(part, text))) / 1_000)}s` })),
  );

/** Rules may name each other in a circle. */
const DEEPEST = 8;

/**
 * Returns the expression with the expressions of the recording rules that it reads in their places. What is selected by
 * labels, or over a range, stays a name: an expression cannot be selected from.
 */
export function inlined(text: string, records: ReadonlyMap<string, string>, deep = 0): string {
  const changes = namesIn(treeOf(text)).flatMap((part): Change[] => {
    const recorded = records.get(textOf(part, text));
    return recorded === undefined ? [] : [{ part, to: `(${recorded})` }];
  });
  if (changes.length === 0 || deep === DEEPEST) return text;
  return inlined(changed(text, changes), records, deep + 1);
}

/** Returns the selectors that are a name alone, and of the present moment. */
function namesIn(part: Part): readonly Part[] {
  if (part.name === 'MatrixSelector') return [];
  if (part.name !== 'VectorSelector') return childrenOf(part).flatMap(namesIn);
  const [only, ...more] = childrenOf(part);
  return only?.name === 'Identifier' && more.length === 0 ? [part] : [];
}
