import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml';

/** A number as JSON has it. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** A number that JSON cannot hold, or cannot hold exactly. The message names the number. */
export class UnwritableNumber extends Error {}

/**
 * Returns a value of a YAML document as JSON text. A number keeps the digits that the file has: as a number of
 * JavaScript, 9007199254740993 would become 9007199254740992, and 1.10 would become 1.1. Throws UnwritableNumber.
 */
export function jsonOf(node: unknown, doc: Document): string {
  if (isAlias(node)) return jsonOf(node.resolve(doc), doc);
  if (isSeq(node)) return `[${node.items.map((item) => jsonOf(item, doc)).join(',')}]`;
  if (isMap(node)) {
    const members = node.items.map(({ key, value }) => `${JSON.stringify(textOf(key))}:${jsonOf(value, doc)}`);
    return `{${members.join(',')}}`;
  }
  if (!isScalar(node)) return 'null';
  return typeof node.value === 'number' ? numberOf(node) : (JSON.stringify(node.value) ?? 'null');
}

function numberOf({ value, source }: Scalar): string {
  if (source !== undefined && JSON_NUMBER.test(source)) return source;
  const known = Number(value);
  if (Number.isSafeInteger(known) || (Number.isFinite(known) && !Number.isInteger(known))) return JSON.stringify(known);
  throw new UnwritableNumber(`JSON has no number ${source ?? known}`);
}

/** Returns a scalar as text, a number as it is written. Empty for everything else. */
export function textOf(node: unknown): string {
  if (!isScalar(node)) return '';
  const { value, source } = node;
  if (typeof value === 'string') return value;
  return typeof value === 'number' && source !== undefined ? source : (JSON.stringify(value) ?? '');
}
