import { allParts, childrenOf, type Part, textOf, treeOf } from './parse.ts';

/** A mistake in an expression. */
interface PromqlMistake {
  /** 0-based position in the expression. */
  readonly at: number;
  /** One sentence: "a closing bracket is missing at the end". */
  readonly what: string;
}

/** Functions whose argument is a stretch of time. */
const OVER_TIME =
  /^(?:rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|holt_winters|double_exponential_smoothing|\w+_over_time)$/;

const isStretch = (part: Part): boolean => {
  if (part.name === 'MatrixSelector' || part.name === 'SubqueryExpr') return true;
  if (part.name !== 'OffsetExpr' && part.name !== 'ParenExpr' && part.name !== 'StepInvariantExpr') return false;
  return childrenOf(part).some(isStretch);
};

/** Returns the functions that are called with a value where they need a stretch of time. */
function withoutStretch(part: Part, text: string): PromqlMistake[] {
  if (part.name !== 'FunctionCall') return [];
  const [name, body] = childrenOf(part);
  const called = name === undefined ? '' : textOf(name, text);
  if (body === undefined || !OVER_TIME.test(called) || childrenOf(body).some(isStretch)) return [];
  return [{ at: part.from, what: `${called} needs a stretch of time: ${called}(NAME[30s])` }];
}

function wrongAt(part: Part, text: string): PromqlMistake[] {
  if (!part.type.isError) return [];
  const rest = text.slice(part.from).trimStart();
  const what =
    rest === ''
      ? 'the expression ends too early: a bracket or a value is missing'
      : `not PromQL at "${rest.slice(0, 20)}${rest.length > 20 ? '...' : ''}"`;
  return [{ at: part.from, what }];
}

/**
 * Returns the first mistake that can be seen without a server: the grammar, a function without its stretch of time, and a
 * result that is a stretch of time. Undefined when there is none. Only Prometheus knows whether a name exists.
 */
export function promqlMistake(text: string): PromqlMistake | undefined {
  const tree = treeOf(text);
  const parts = allParts(tree);
  const [wrong] = parts.flatMap((part) => wrongAt(part, text));
  if (wrong !== undefined) return wrong;
  const [stretchless] = parts.flatMap((part) => withoutStretch(part, text));
  if (stretchless !== undefined) return stretchless;
  const [whole] = childrenOf(tree).filter(({ name }) => name !== 'LineComment');
  if (whole?.name === 'StringLiteral') return { at: whole.from, what: 'a text in quotes is no figure' };
  return whole !== undefined && isStretch(whole)
    ? { at: whole.from, what: 'this is a stretch of time and no value: write for example rate(NAME[30s])' }
    : undefined;
}
