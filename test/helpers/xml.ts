export interface Tag {
  readonly name: string;
  readonly of: Readonly<Record<string, string>>;
}

const ATTRIBUTE = /([\w:.-]+)="([^"<&]*(?:&(?:amp|lt|gt|quot|#10);[^"<&]*)*)"/g;

/** An element with what is in it. */
export interface Element extends Tag {
  readonly children: readonly Element[];
}

/** Returns every opening tag of an XML text in order. Throws when the text is not well-formed. */
export function tagsOf(xml: string): Tag[] {
  const flat = ({ name, of, children }: Element): Tag[] => [{ name, of }, ...children.flatMap(flat)];
  return elementsOf(xml).flatMap(flat);
}

/** Returns the outermost elements of an XML text. Throws when the text is not well-formed. */
export function elementsOf(xml: string): Element[] {
  const top: Element[] = [];
  const open: (Element & { readonly children: Element[] })[] = [];
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
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const of = Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value]));
    if (Object.keys(of).length !== (attributes.match(/="/g) ?? []).length)
      throw new Error(`bad attributes: ${attributes}`);
    const element = { name, of, children: [] };
    (open.at(-1)?.children ?? top).push(element);
    if (empty !== '/') open.push(element);
  }
  if (open.length > 0) throw new Error(`still open: ${open.map(({ name }) => name).join(', ')}`);
  return top;
}
