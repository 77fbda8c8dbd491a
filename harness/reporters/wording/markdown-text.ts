import { visible } from '../../core/text/visible.ts';

/** Bytes. GitHub drops a step summary over 1 MiB; this limit leaves room for other summaries of the same step. */
const LIMIT = 180_000;
/** The most rows of one table. */
export const ROWS = 200;

/** Returns a text that is short enough for a step summary. `elsewhere`: the file that has the rest. */
export function withinLimit(text: string, elsewhere: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(LIMIT));
  return read === text.length ? `${text}\n` : `${text.slice(0, read)}\n\n… cut here: ${elsewhere} has everything\n`;
}

/** Puts a text of unknown origin on one line and escapes it, so that it cannot end a table cell or become markup. */
export const markdownCell = (text: string): string =>
  visible(text.slice(0, 2_000).toWellFormed().replaceAll(/\s+/g, ' '))
    .replaceAll(/[\\`*_|<>[\]#]/g, (c) => `\\${c}`)
    .trim();

/** Returns a table. Rows beyond ROWS are counted in its last row. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more =
    rows.length > ROWS ? [line([`… ${rows.length - ROWS} more in report.html`, ...head.slice(1).map(() => '')])] : [];
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, ROWS).map(line), ...more].join('\n');
}
