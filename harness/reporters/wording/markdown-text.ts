import { visible } from '../../core/text/visible.ts';

/** Characters. GitHub drops a step summary over 1 MiB; this limit leaves room for other summaries of the same step. */
export const LIMIT = 180_000;
/** The most rows of one table. */
export const ROWS = 200;

/** Puts a text of unknown origin on one line and escapes it, so that it cannot end a table cell or become markup. */
export const markdownCell = (text: string): string =>
  visible(text.slice(0, 2_000).replaceAll(/\s+/g, ' '))
    .replaceAll(/[\\`*_|<>[\]#]/g, (c) => `\\${c}`)
    .trim();

/** Returns a table. Rows beyond ROWS are counted in its last row. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const more =
    rows.length > ROWS ? [line([`… ${rows.length - ROWS} more in report.html`, ...head.slice(1).map(() => '')])] : [];
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, ROWS).map(line), ...more].join('\n');
}
