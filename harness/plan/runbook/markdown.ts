import { fromMarkdown } from 'mdast-util-from-markdown';

/** A fence of a Markdown file. */
export interface Fence {
  /** "sh". Empty when the fence says none. */
  readonly language: string;
  /** What follows the language, as written. */
  readonly attributes: string;
  /** Where the attributes begin, 1-based; the place of the fence itself when there are none. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** A paragraph, list, fence or table of a Markdown file, as written. */
interface Block {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** A part of a Markdown file: a heading, and what follows to the next heading of its level. */
export interface Section {
  readonly heading: string;
  readonly line: number;
  readonly fences: readonly Fence[];
  /** Everything that stands below the heading, the fences too. */
  readonly blocks: readonly Block[];
}

export interface Markdown {
  /** The heading of the first level. */
  readonly title: string | undefined;
  readonly sections: readonly Section[];
}

/** Returns the sections of a Markdown text, with the lines of the whole file. */
export function readMarkdown(text: string): Markdown {
  let title: string | undefined;
  const sections: { heading: string; line: number; fences: Fence[]; blocks: Block[] }[] = [];
  for (const node of fromMarkdown(text).children) {
    const line = node.position?.start.line ?? 1;
    const source = text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
    if (node.type === 'heading' && node.depth <= 2) {
      const heading =
        source
          .replace(/^#+\s*/, '')
          .replace(/\s*#*$/, '')
          .split('\n')[0] ?? '';
      if (node.depth === 1) title ??= heading;
      else sections.push({ heading, line, fences: [], blocks: [] });
      continue;
    }
    const section = sections.at(-1);
    if (section === undefined) continue;
    section.blocks.push({ line, text: source });
    if (node.type !== 'code') continue;
    const [first = ''] = source.split('\n');
    // As written: Markdown itself would take backslashes out.
    const [, before = '', attributes = ''] = /^(\s*(?:`+|~+)\s*\S*\s*)(.*?)\s*$/.exec(first) ?? [];
    const column = attributes === '' ? 1 : before.length + 1;
    section.fences.push({ language: node.lang ?? '', attributes, line, column, text: node.value });
  }
  return { title, sections };
}
