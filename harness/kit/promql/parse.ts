import { parser } from '@prometheus-io/lezer-promql';

/** A part of an expression. The grammar is Prometheus' own: it gives the names. */
export type Part = ReturnType<ReturnType<typeof parser.parse>['topNode']['getChild']> & object;

/** Returns the tree of an expression. It has parts that are errors where the expression is none. */
export const treeOf = (text: string): Part => parser.parse(text).topNode;

export const childrenOf = (part: Part): readonly Part[] => {
  const found: Part[] = [];
  for (let child = part.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
};

/** Returns the parts in reading order, the part itself first. */
export const allParts = (part: Part): readonly Part[] => [part, ...childrenOf(part).flatMap(allParts)];

export const textOf = (part: Part, text: string): string => text.slice(part.from, part.to);
