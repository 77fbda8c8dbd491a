const isBlank = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t';

/**
 * Returns a header's value without the blanks and tabs around it (RFC 9110, section 5.5). One pass is enough. With a
 * regular expression for blanks at the end, the time would grow with the square of their number.
 */
export function withoutBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text, from)) from += 1;
  while (to > from && isBlank(text, to - 1)) to -= 1;
  return text.slice(from, to);
}
