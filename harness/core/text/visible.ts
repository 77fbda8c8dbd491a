/** Characters that command a terminal or turn the direction of a text. A line feed, alone or after a carriage return as
 * in CSV, and a tab are left out. */
const CONTROL = /(?![\n\t]|\r\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const ESC = String.fromCodePoint(0x1b);
/** The sequences by which we colour a text (SGR) and clear a line that is written again. */
const OURS = new RegExp(`(${ESC}\\[[\\d;]*m|\\r${ESC}\\[2K)`, 'u');

/** U+2400 and the following characters are pictures of the control characters from 0 to 31. */
const picture = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x24_00 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
};

/** Returns a text in which control characters are visible and do nothing: "␛" for an escape. */
export const visible = (text: string): string => text.replaceAll(CONTROL, picture);

/** Does the same as `visible`, but colours (SGR) and the clearing of a line stay as they are. */
export const visibleInColour = (text: string): string =>
  text
    .split(OURS)
    .map((part, i) => (i % 2 === 1 ? part : visible(part)))
    .join('');

/** Returns JSON whose control characters are escapes. The value that it stands for stays the same. */
export const visibleJson = (json: string): string =>
  json.replaceAll(CONTROL, (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`);
