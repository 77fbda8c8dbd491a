/** Text that is HTML already. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

const escapeHtml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function textOf(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escapeHtml(String(content));
}

/**
 * A template whose values are escaped unless they are markup: text of unknown origin cannot become code. Not called
 * `html`, because Prettier reformats templates of that name, and white space between elements shows.
 */
export const markup = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  new Markup(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));

/** An element whose text is taken as it is: the content policy names it by its hash, so not one character may be added. */
export const verbatim = (tag: 'style' | 'script', text: string): Markup => new Markup(`<${tag}>${text}</${tag}>`);

/** For what is known to be HTML, SVG, CSS or script of our own. */
export const raw = (text: string): Markup => new Markup(text);

/** JSON for a `<script type="application/json">`: no "<" in it, so it cannot end early. */
export const jsonScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
