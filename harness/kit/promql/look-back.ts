import { promDuration } from '../../core/alerts/prom-duration.ts';
import { childrenOf, type Part, textOf, treeOf } from './parse.ts';

/** A selector of an expression, and how far back it looks. */
export interface LookBack {
  /** "http_requests_total{code=\"500\"}": without its range. */
  readonly selector: string;
  /** The name of the metric; "" when the selector has none before its braces. */
  readonly name: string;
  /** Milliseconds before the moment of the evaluation: ranges, offsets and subqueries together. */
  readonly ms: number;
}

const durationIn = (part: Part, text: string): number => {
  const found = childrenOf(part).find(({ name }) => name === 'DurationExpr' || name === 'OffsetDurationExpr');
  return found === undefined ? 0 : promDuration(textOf(found, text));
};

function walk(part: Part, text: string, ms: number): LookBack[] {
  if (part.name === 'VectorSelector') {
    const [first] = childrenOf(part);
    const name = first?.name === 'Identifier' ? textOf(first, text) : '';
    return [{ selector: textOf(part, text), name, ms }];
  }
  const more = ['MatrixSelector', 'SubqueryExpr', 'OffsetExpr'].includes(part.name) ? durationIn(part, text) : 0;
  return childrenOf(part).flatMap((child) => walk(child, text, ms + more));
}

/** A chain of recording rules is followed to this depth: rules may name each other in a circle. */
const DEEPEST = 8;

/**
 * Returns the selectors of an expression with how far back each looks. A name that a recording rule gives is followed into
 * the expression of the rule: `ratio_rate1h > 0.01` looks an hour back. `recorded`: expressions by the names of rules.
 */
export function lookBacks(
  text: string,
  recorded: ReadonlyMap<string, readonly string[]> = new Map(),
  deep = 0,
): readonly LookBack[] {
  return walk(treeOf(text), text, 0).flatMap((one) => {
    const behind = deep < DEEPEST ? recorded.get(one.name) : undefined;
    if (behind === undefined) return [one];
    return behind
      .flatMap((expression) => lookBacks(expression, recorded, deep + 1))
      .map((inner) => ({ ...inner, ms: inner.ms + one.ms }));
  });
}

/** Returns how far back an expression looks at most, milliseconds. */
export const longestLookBack = (found: readonly LookBack[]): number => Math.max(0, ...found.map(({ ms }) => ms));
