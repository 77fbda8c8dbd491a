import { visible, visibleJson } from '../../core/text/visible.ts';

/** A text that is already HTML. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

const escapeHtml = (text: string): string =>
  visible(text.toWellFormed())
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
 * A template that escapes its values unless they are markup, so a text of unknown origin cannot become code. It is not
 * called `html`, because Prettier reformats templates of that name, and white space between elements is visible.
 */
export const markup = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  new Markup(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));

/** An element with unchanged text. The content policy holds the text's hash, so no character may be added. */
export const verbatim = (tag: 'style' | 'script', text: string): Markup => new Markup(`<${tag}>${text}</${tag}>`);

/** Makes markup of a text without escaping it. Only for our own HTML, SVG, CSS or script. */
export const raw = (text: string): Markup => new Markup(text);

/** Returns JSON for a `<script type="application/json">`. It has no "<", so it cannot end the element early. */
export const jsonScript = (value: unknown): string =>
  visibleJson(JSON.stringify(value)).replaceAll('<', String.raw`\u003c`);
