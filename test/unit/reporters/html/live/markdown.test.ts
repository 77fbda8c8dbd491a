import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ROOT } from '../../../../helpers/chaos.ts';
import { pagePart } from '../../../../helpers/page-part.ts';
import { HOSTILE } from '../../../../helpers/samples/hostile.ts';

/** An element that keeps what was put into it. */
class Drawn {
  readonly tagName: string;
  readonly children: (Drawn | string)[];

  constructor(name: string, props: { readonly textContent?: string } = {}, ...children: (Drawn | string)[]) {
    this.tagName = name.toUpperCase();
    this.children = props.textContent === undefined ? children : [props.textContent];
  }
  append(...more: (Drawn | string)[]): void {
    this.children.push(...more);
  }
  get lastChild(): Drawn | string | undefined {
    return this.children.at(-1);
  }
  get text(): string {
    const text = this.children.map((child) => (typeof child === 'string' ? child : child.text)).join('');
    return this.tagName === 'TD' ? `${text} ` : text;
  }
}

const draw = pagePart('parts/markdown.js', 'drawMarkdown', {
  dom: { element: (...args: ConstructorParameters<typeof Drawn>) => new Drawn(...args) },
}) as (text: string) => Drawn[];
const drawn = (text: string): (readonly [string, string])[] => draw(text).map((node) => [node.tagName, node.text]);

describe('the text of a runbook on a page', () => {
  it('has its headings, paragraphs, lists and commands', () => {
    expect(
      drawn(
        '---\nwithin: 20s\n---\n\n# Title\n\n## Confirm ##\nOne line\nand its `rest`.\n\n- one\n  goes on\n2. two\n\n```sh {"name": "x"}\nls # no heading\n```\n\n| what | do |\n| --- | --- |\n| stop | press |\n',
      ),
    ).to.deep.equal([
      ['H3', 'Title'],
      ['H4', 'Confirm'],
      ['P', 'One line and its rest.'],
      ['UL', 'one goes ontwo'],
      ['PRE', 'ls # no heading'],
      ['TABLE', 'what do stop press '],
    ]);
  });

  it('keeps hostile text as text', () => {
    const nodes = draw(`# ${HOSTILE}\n\n${HOSTILE}\n\n- ${HOSTILE}\n`);
    expect(nodes.map(({ tagName }) => tagName)).to.include.members(['H3', 'P', 'UL']);
    expect(nodes.map(({ text }) => text).join('\n')).to.include('<script>alert(1)</script>');
  });

  it('leaves out no word of any runbook or sheet that ships', () => {
    const dirs = [join(ROOT, 'runbooks'), join(ROOT, 'experiments', 'gamedays')];
    const files = dirs.flatMap((dir) => readdirSync(dir).map((name) => join(dir, name)));
    for (const name of files.filter((file) => file.endsWith('.md'))) {
      const source = readFileSync(name, 'utf8').replace(/^---\n[^]*?\n---\n/, '');
      const words = (text: string): string[] => text.match(/[A-Za-z]{4,}/g) ?? [];
      const shown = new Set(
        words(
          draw(source)
            .map(({ text }) => `${text}\n`)
            .join(''),
        ),
      );
      const fences = source.replaceAll(/^(```|~~~).*$/gm, '');
      expect(
        words(fences).filter((word) => !shown.has(word)),
        name,
      ).to.deep.equal([]);
    }
  });
});
