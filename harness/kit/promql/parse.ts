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

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Returns the milliseconds of a duration as Prometheus writes it ("1h30m"), 0 for anything else. */
export function promDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.map(([whole]) => whole).join('') !== text.trim()) return 0;
  return parts.reduce((sum, [, amount = '0', unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}
