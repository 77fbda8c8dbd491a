import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Problem } from '../core/problem.ts';
import type { Located, Path } from './located.ts';
import { type Finding, isProblem, problemAt, readSource, type Source } from './source.ts';

/** Syntax mistakes follow from each other: more than these only confuse. */
const MOST_MISTAKES = 5;
const DEEPEST = 60;

export interface YamlRules {
  /** How often anchors may be used, and how far uses of uses may multiply. */
  readonly aliases: number;
  /** `<<: *anchor` and tags of its own, as Compose files have them. */
  readonly compose: boolean;
}

export const OWN_FILE: YamlRules = { aliases: 100, compose: false };
export const COMPOSE_FILE: YamlRules = { aliases: 2_000, compose: true };

/** Reads and parses one YAML file, or tells all that is wrong with it as YAML. */
export function readYaml(file: string, rules: YamlRules): Located | readonly Problem[] {
  const source = readSource(file);
  return isProblem(source) ? [source] : parseYaml(source, rules);
}

export function parseYaml(source: Source, rules: YamlRules): Located | readonly Problem[] {
  let doc: Document;
  try {
    // The parser's own look for duplicate keys takes the square of their number.
    doc = parseDocument(source.text, { prettyErrors: false, uniqueKeys: false, lineCounter: new LineCounter(), merge: rules.compose });
  } catch (error) {
    const message = error instanceof RangeError ? 'the file is nested too deep' : 'the file cannot be parsed';
    return [problemAt(source, 0, { code: 'CHAOS_YAML_SYNTAX', message, hint: 'Is it the right file?' })];
  }
  const mistakes = [...doc.errors, ...(rules.compose ? [] : doc.warnings)];
  if (mistakes.length > 0) return mistakes.slice(0, MOST_MISTAKES).map((e) => problemAt(source, e.pos[0], syntax(e.code, e.message)));
  if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) {
    const hint = 'Copy one of experiments/*.yaml and change it.';
    return [problemAt(source, 0, { code: 'CHAOS_FILE_EMPTY', message: 'the file is empty', hint })];
  }
  const problems = new Structure(source, doc, rules).problems();
  if (problems.length > 0) return problems;
  try {
    return new YamlFile(source, doc, doc.toJS({ maxAliasCount: rules.aliases }));
  } catch {
    // What `toJS` throws: aliases of aliases multiply, or an anchor that holds itself.
    return [problemAt(source, Math.max(0, source.text.search(/[*]/)), tooManyAliases(rules))];
  }
}

const tooManyAliases = ({ aliases }: YamlRules): Finding => ({
  code: 'CHAOS_YAML_ALIASES',
  message: `aliases (*name) make this file more than ${aliases} times as large, or hold themselves`,
  hint: 'Write the values out.',
});

function syntax(code: string, message: string): Finding {
  switch (code) {
    case 'TAB_AS_INDENT':
      return { code: 'CHAOS_YAML_TAB', message: 'a tab indents this line', hint: 'YAML allows spaces only: write two spaces for each level.' };
    case 'MULTIPLE_DOCS':
      return { code: 'CHAOS_YAML_MANY_DOCUMENTS', message: 'a second document begins here', hint: 'Put it into a file of its own: one file is one experiment.' };
    case 'TAG_RESOLVE_FAILED':
      return { code: 'CHAOS_YAML_TAG', message: message.toLowerCase(), hint: 'Leave the tag (!name) out: values are plain texts, numbers, lists and maps.' };
    default: {
      const hint = 'Look at this line and the one above it: indentation, quotes, brackets, a colon without a space after it.';
      return { code: 'CHAOS_YAML_SYNTAX', message: `not YAML: ${message}`, hint };
    }
  }
}

/** What YAML allows and a file of ours may not hold: duplicate keys, great depth, aliases without end. */
class Structure {
  readonly #source: Source;
  readonly #doc: Document;
  readonly #rules: YamlRules;
  readonly #problems: Problem[] = [];
  readonly #anchors = new Set<string>();
  #aliases = 0;

  constructor(source: Source, doc: Document, rules: YamlRules) {
    this.#source = source;
    this.#doc = doc;
    this.#rules = rules;
  }

  problems(): readonly Problem[] {
    this.#look(this.#doc.contents, 0);
    return this.#problems;
  }

  #report(node: Node, finding: Finding): void {
    if (this.#problems.length < MOST_MISTAKES) this.#problems.push(problemAt(this.#source, node.range?.[0] ?? 0, finding));
  }

  #look(node: unknown, depth: number): void {
    if (isAlias(node)) {
      this.#aliases += 1;
      if (this.#aliases === this.#rules.aliases + 1) this.#report(node, tooManyAliases(this.#rules));
      if (!this.#anchors.has(node.source)) {
        const hint = `Write &${node.source} before the value that is meant, above this line; or quote the text if a leading * is part of it.`;
        this.#report(node, { code: 'CHAOS_YAML_ALIASES', message: `"*${node.source}" uses an anchor that is not there`, hint });
      }
      return;
    }
    if (isScalar(node) && node.anchor !== undefined) this.#anchors.add(node.anchor);
    if (!isMap(node) && !isSeq(node)) return;
    if (node.anchor !== undefined) this.#anchors.add(node.anchor);
    if (depth > DEEPEST) {
      this.#report(node, { code: 'CHAOS_YAML_TOO_DEEP', message: `nested more than ${DEEPEST} levels deep`, hint: 'Nothing here needs so many levels.' });
      return;
    }
    if (isSeq(node)) return node.items.forEach((item) => this.#look(item, depth + 1));
    const seen = new Set<unknown>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : key;
      if (isScalar(key) && seen.has(name) && name !== '<<') {
        const hint = 'Remove one of the two: which of them was meant nobody can tell.';
        this.#report(key, { code: 'CHAOS_YAML_DUPLICATE_KEY', message: `the key "${String(name)}" is there twice`, hint });
      }
      seen.add(name);
      this.#look(key, depth + 1);
      this.#look(value, depth + 1);
    }
  }
}

class YamlFile implements Located {
  readonly value: unknown;
  readonly #source: Source;
  readonly #doc: Document;

  constructor(source: Source, doc: Document, value: unknown) {
    this.#source = source;
    this.#doc = doc;
    this.value = value;
  }

  reach(path: Path): number {
    return this.#walk(path).length - 1;
  }

  problem(path: Path, finding: Finding, at: 'key' | 'value' = 'value'): Problem {
    const steps = this.#walk(path);
    const whole = steps.length > path.length;
    const last = steps.at(-1);
    // Where a part is missing, what should hold it is the place: by its key, if it has one.
    const node = whole && at === 'value' ? (last?.value ?? last?.key) : (last?.key ?? last?.value);
    return problemAt(this.#source, node?.range?.[0] ?? 0, finding);
  }

  /** The nodes on the way, the top first, as far as it goes. */
  #walk(path: Path): { key: Node | undefined; value: Node | undefined }[] {
    const steps: { key: Node | undefined; value: Node | undefined }[] = [{ key: undefined, value: this.#doc.contents ?? undefined }];
    for (const step of path) {
      const next = this.#child(steps.at(-1)?.value, step);
      if (next === undefined) break;
      steps.push(next);
    }
    return steps;
  }

  #child(parent: Node | undefined, step: string | number): { key: Node | undefined; value: Node | undefined } | undefined {
    const node = this.#resolved(parent);
    if (isSeq(node)) {
      const item = node.items[Number(step)];
      return item === undefined ? undefined : { key: undefined, value: item as Node };
    }
    if (!isMap(node)) return undefined;
    const named = (name: string) => node.items.find(({ key }) => isScalar(key) && String(key.value) === name) as Pair<Node, Node | null> | undefined;
    const pair = named(String(step));
    if (pair !== undefined) return { key: pair.key, value: pair.value ?? undefined };
    const merged = named('<<')?.value ?? undefined;
    return merged === undefined ? undefined : this.#child(merged, step);
  }

  #resolved(node: Node | undefined): Node | undefined {
    return isAlias(node) ? node.resolve(this.#doc) : node;
  }
}
