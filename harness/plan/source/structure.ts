import { isAlias, isCollection, isMap, isPair, isScalar } from 'yaml';
import type { ErrorCode } from '../../core/errors.ts';

/** A mistake that YAML allows and that a file may not have here. */
export interface StructureMistake {
  /** Characters from the beginning of the text. */
  readonly offset: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const DEEPEST = 60;
const MOST_MISTAKES = 5;

interface Walk {
  readonly mistakes: StructureMistake[];
  readonly anchors: Set<string>;
  /** Anchors of the values around this place. */
  readonly open: Set<string>;
  aliases: number;
}

/**
 * Returns duplicate keys, aliases without an anchor, aliases of a value within that value, and too deep nesting.
 * Takes one pass, however large the document is.
 */
export function structureMistakes(top: unknown, mostAliases: number): readonly StructureMistake[] {
  const walk: Walk = { mistakes: [], anchors: new Set(), open: new Set(), aliases: 0 };
  visitNode(top, 0, walk);
  if (walk.aliases > mostAliases) {
    const message = `there are ${walk.aliases} aliases (*name), and at most ${mostAliases} are allowed`;
    return [{ offset: 0, code: 'CHAOS_YAML_ALIASES', message, hint: 'Write the values out.' }];
  }
  return walk.mistakes.slice(0, MOST_MISTAKES);
}

function visitNode(node: unknown, depth: number, walk: Walk): void {
  const report = (at: unknown, code: ErrorCode, message: string, hint: string): void => {
    const offset = isScalar(at) || isAlias(at) || isCollection(at) ? (at.range?.[0] ?? 0) : 0;
    if (walk.mistakes.length < MOST_MISTAKES) walk.mistakes.push({ offset, code, message, hint });
  };
  if (isAlias(node)) {
    walk.aliases += 1;
    if (walk.open.has(node.source)) {
      const message = `the alias "*${node.source}" is inside the value that it names`;
      report(node, 'CHAOS_YAML_ALIASES', message, 'Write the value out: a value that contains itself cannot be read.');
      return;
    }
    if (walk.anchors.has(node.source)) return;
    const hint =
      `Write &${node.source} before the value that the alias names, above this place. ` +
      'Put a text that begins with * into quotes.';
    report(node, 'CHAOS_YAML_ALIASES', `the alias "*${node.source}" has no anchor before it`, hint);
    return;
  }
  if (isPair(node)) {
    visitNode(node.key, depth, walk);
    visitNode(node.value, depth, walk);
    return;
  }
  if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) walk.anchors.add(node.anchor);
  if (!isCollection(node)) return;
  if (depth > DEEPEST) {
    report(
      node,
      'CHAOS_YAML_SYNTAX',
      `this is nested more than ${DEEPEST} levels deep`,
      'Is it the right file? Nothing here needs so many levels.',
    );
    return;
  }
  if (isMap(node)) {
    const keys = new Set<string>();
    for (const { key } of node.items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (keys.has(name) && name !== '<<') {
        report(
          key,
          'CHAOS_YAML_DUPLICATE_KEY',
          `the key "${name}" is in this map twice`,
          'Keep one of the two: nobody can tell which of them counts.',
        );
      }
      keys.add(name);
    }
  }
  if (node.anchor !== undefined) walk.open.add(node.anchor);
  for (const item of node.items) visitNode(item, depth + 1, walk);
  if (node.anchor !== undefined) walk.open.delete(node.anchor);
}
