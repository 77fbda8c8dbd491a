import { visible } from '../../core/text/visible.ts';

/** Characters that XML 1.0 cannot express. */
const INVALID = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Returns a text as XML holds it, without what XML cannot hold. */
export const escapeXml = (text: string): string =>
  visible(text.toWellFormed())
    .replaceAll(INVALID, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Returns attributes with a blank before each. */
export const attributesXml = (of: Readonly<Record<string, string | number>>): string =>
  Object.entries(of)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
