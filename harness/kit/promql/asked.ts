import { z } from 'zod';
import { lookBacks } from './look-back.ts';
import { allParts, textOf, treeOf } from './parse.ts';

/** Milliseconds between two readings of an expression. */
export const PROMQL_MS = 2_000;
/** More lines than this are no figure that a person can follow. */
export const MOST_LINES = 100;

/** An expression that the probe asks again and again. The series and the probe share these parameters. */
export const askedParams = z.strictObject({ expression: z.string(), everyMs: z.number().positive() });
export type AskedExpression = z.output<typeof askedParams>;

const PREFIX = 'promql ';

/** Returns the name of the readings of an expression. */
export const readingName = (expression: string): string => `${PREFIX}${expression}`;

/** Returns the expression whose readings have this name. Undefined for readings of something else. */
export const expressionOf = (name: string): string | undefined =>
  name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;

/** Prometheus makes these itself, whether or not anything is scraped. */
const ITS_OWN = /^(?:ALERTS|ALERTS_FOR_STATE|up|scrape_\w+)$/;
/** With these an expression has a value although what it reads is not there: its author wanted that. */
const WITHOUT_DATA = /^(?:absent|absent_over_time|vector)$/;

/**
 * Returns the expression that has a value as long as anything that `expression` reads is still scraped. A mean over five
 * minutes has a value for five minutes after the last scrape, and it says nothing about the present. Undefined when
 * nothing can tell: for what Prometheus makes itself, and when the expression provides for missing data.
 */
export function freshness(expression: string, recorded: ReadonlyMap<string, readonly string[]>): string | undefined {
  const called = allParts(treeOf(expression)).filter(({ name }) => name === 'FunctionIdentifier');
  if (called.some((part) => WITHOUT_DATA.test(textOf(part, expression)))) return undefined;
  const read = lookBacks(expression, recorded);
  if (read.length === 0 || read.some(({ name, selector }) => ITS_OWN.test(name) || selector.includes('__name__')))
    return undefined;
  return [...new Set(read.map(({ selector }) => `count(${selector})`))].join(' or ');
}
