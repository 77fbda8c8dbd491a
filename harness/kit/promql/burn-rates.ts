import type { BurnLimit } from '../../core/record/alert-events.ts';
import { longestLookBack, lookBacks } from './look-back.ts';
import { childrenOf, type Part, textOf, treeOf } from './parse.ts';

/** Returns the value of an expression of numbers alone; NaN for any other. */
function constant(part: Part | undefined, text: string): number {
  if (part === undefined) return NaN;
  if (part.name === 'NumberDurationLiteral') return Number(textOf(part, text));
  const [first, operator, last] = childrenOf(part);
  if (part.name === 'ParenExpr') return constant(first, text);
  if (part.name !== 'BinaryExpr') return NaN;
  const [a, b] = [constant(first, text), constant(last, text)];
  if (operator?.name === 'Mul') return a * b;
  return operator?.name === 'Div' ? a / b : NaN;
}

/** Returns the alternatives ("or") of an expression, each with the limits that must all be exceeded ("and"). */
function alternatives(
  part: Part | undefined,
  text: string,
  recorded: ReadonlyMap<string, readonly string[]>,
): BurnLimit[][] {
  if (part === undefined) return [];
  const children = childrenOf(part);
  if (part.name === 'ParenExpr') return alternatives(children[0], text, recorded);
  if (part.name !== 'BinaryExpr') return [];
  const [left, operator] = children;
  const right = children.at(-1);
  const sides = (): [BurnLimit[][], BurnLimit[][]] => [
    alternatives(left, text, recorded),
    alternatives(right, text, recorded),
  ];
  if (operator?.name === 'Or') return sides().flat();
  if (operator?.name === 'And') {
    const [a, b] = sides();
    if (a.length === 0 || b.length === 0) return [...a, ...b];
    return a.flatMap((one) => b.map((other) => [...one, ...other]));
  }
  if (left === undefined || (operator?.name !== 'Gtr' && operator?.name !== 'Gte')) return [];
  const above = constant(right, text);
  const ms = longestLookBack(lookBacks(textOf(left, text), recorded));
  return above > 0 && above < 1 && ms > 0 ? [[{ above, ms }]] : [];
}

/**
 * Returns the ratios above which a rule fires: alternatives, each with the limits that must all be exceeded. Empty for a
 * rule that compares no ratio over a stretch of time with a number.
 */
export function burnRates(
  text: string,
  recorded: ReadonlyMap<string, readonly string[]>,
): readonly (readonly BurnLimit[])[] {
  const [whole] = childrenOf(treeOf(text)).filter(({ name }) => name !== 'LineComment');
  return alternatives(whole, text, recorded);
}
