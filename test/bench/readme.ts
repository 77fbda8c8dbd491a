import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = join(ROOT, 'README.md');
const BLOCK = /(?<=<!-- bench -->\n)[\s\S]*?(?=<!-- \/bench -->)/;
const PART = /<!-- bench:(\w+) -->\n([\s\S]*?)(?=<!-- bench:|$)/g;

/** `text` with these parts of its bench block anew, in the order of `names`; those not measured stay as they are. */
export function withParts(text: string, names: readonly string[], measured: ReadonlyMap<string, string>): string {
  const block = BLOCK.exec(text)?.[0];
  if (block === undefined) throw new Error('README.md lacks the lines <!-- bench --> and <!-- /bench -->');
  const parts = new Map([...block.matchAll(PART)].map(([, name = '', part = '']) => [name, part.trim()]));
  for (const [name, part] of measured) parts.set(name, part.trim());
  const written = names.flatMap((name) => {
    const part = parts.get(name);
    return part === undefined ? [] : [`<!-- bench:${name} -->\n\n${part}\n`];
  });
  return text.replace(BLOCK, () => `\n${written.join('\n')}\n`);
}

/** Puts them into README.md, in the house's format. */
export async function writeReadme(names: readonly string[], measured: ReadonlyMap<string, string>): Promise<void> {
  const text = withParts(readFileSync(README, 'utf8'), names, measured);
  const style = await resolveConfig(README);
  writeFileSync(README, await format(text, { ...style, filepath: README }));
}

/** Long tables, each on a page of its own under docs/. */
export function writePages(pages: ReadonlyMap<string, string>): void {
  for (const [name, text] of pages) writeFileSync(join(ROOT, 'docs', `${name}.md`), text);
}
