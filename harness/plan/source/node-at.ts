import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Path } from '../../core/plan/mismatch.ts';

/** Returns the node at a path of a document, undefined when there is none. An alias counts as what it names. */
export function nodeAt(doc: Document, path: Path): unknown {
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(doc) : node);
  return path.reduce<unknown>((node, step) => {
    if (isSeq(node)) return resolved(node.items[Number(step)]);
    if (!isMap(node)) return undefined;
    return resolved(node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value);
  }, resolved(doc.contents));
}
