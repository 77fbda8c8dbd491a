export interface Tag {
  readonly name: string;
  readonly of: Readonly<Record<string, string>>;
}

const ATTRIBUTE = /([\w:.-]+)="([^"<&]*(?:&(?:amp|lt|gt|quot|#10);[^"<&]*)*)"/g;

/** Returns every opening tag of an XML text in order. Throws when the text is not well-formed. */
export function tagsOf(xml: string): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  let rest = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  while (rest !== '') {
    const [text = ''] = /^[^<]*/.exec(rest) ?? [];
    if (
      /&(?!amp;|lt;|gt;|quot;|#10;)/.test(text) ||
      /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)
    ) {
      throw new Error(`bad text: ${JSON.stringify(text)}`);
    }
    rest = rest.slice(text.length);
    if (rest === '') break;
    const [tag, end, name = '', attributes = '', empty] =
      /^<(\/?)([\w-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/.exec(rest) ?? [];
    if (tag === undefined) throw new Error(`bad tag: ${rest.slice(0, 80)}`);
    rest = rest.slice(tag.length);
    if (end === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const of = Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value]));
    if (Object.keys(of).length !== (attributes.match(/="/g) ?? []).length)
      throw new Error(`bad attributes: ${attributes}`);
    tags.push({ name, of });
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`still open: ${open.join(', ')}`);
  return tags;
}
