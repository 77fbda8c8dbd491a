import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './chaos.ts';

/**
 * Replaces the measured parts of the block between `<!-- block -->` and `<!-- /block -->` in `text`. Other parts do not
 * change. All parts come in the order of `names`. Throws when the block is missing.
 */
export function withParts(
  text: string,
  block: string,
  names: readonly string[],
  measured: ReadonlyMap<string, string>,
): string {
  const whole = new RegExp(`(?<=<!-- ${block} -->\n)[^]*?(?=<!-- /${block} -->)`);
  const before = whole.exec(text)?.[0];
  if (before === undefined) throw new Error(`the lines <!-- ${block} --> and <!-- /${block} --> are missing`);
  const part = new RegExp(`<!-- ${block}:(\\w+) -->\n([^]*?)(?=<!-- ${block}:|$)`, 'g');
  const parts = new Map([...before.matchAll(part)].map(([, name = '', text = '']) => [name, text.trim()]));
  for (const [name, text] of measured) parts.set(name, text.trim());
  const written = names.flatMap((name) => {
    const text = parts.get(name);
    return text === undefined ? [] : [`<!-- ${block}:${name} -->\n\n${text}\n`];
  });
  return text.replace(whole, () => `\n${written.join('\n')}\n`);
}

/** Writes measured parts into a page of this repository and formats the page with prettier. */
export async function writeParts(
  page: string,
  block: string,
  names: readonly string[],
  measured: ReadonlyMap<string, string>,
): Promise<void> {
  const path = join(ROOT, page);
  const text = withParts(readFileSync(path, 'utf8'), block, names, measured);
  const style = await resolveConfig(path);
  writeFileSync(path, await format(text, { ...style, filepath: path }));
}
