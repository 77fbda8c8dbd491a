import { formatDuration } from '../../core/duration.ts';
import type { RunbookDocument } from '../../core/runbook/document.ts';
import type { RunbooksDocument } from '../../core/runbook/many.ts';
import type { TextSink } from '../../core/world.ts';
import { armText, gainText, runbookSign } from '../wording/runbook.ts';
import { paint } from './paint.ts';

/** Of the longest verdict. */
const VERDICT_WIDTH = 'INCONCLUSIVE'.length;

const styleOf = (verdict: RunbookDocument['verdict']): 'green' | 'yellow' | 'red' => {
  const sign = runbookSign(verdict);
  return sign === '✓' ? 'green' : sign === '✗' ? 'red' : 'yellow';
};

/** Returns the outcome of a validation: the verdict, what each arm showed, and what went wrong in which line. */
export function renderRunbook(document: RunbookDocument, sink: TextSink): string {
  const { verdict, runbook, title, why, arms, promised_s: promised, problems, dir, file } = document;
  return [
    '',
    `${paint(sink, ['bold', styleOf(verdict)], `${runbookSign(verdict)} ${verdict}`)}  ${runbook}: ${title}`,
    `  ${why}`,
    '',
    ...arms.map((arm) => `  ${arm.arm.padEnd(10)} ${armText(arm)}`),
    '',
    `  gained    ${gainText(document)}`,
    `  promised  healthy ${promised} s after the first command`,
    ...problems.map(({ command, line, problem, output }) => {
      const said = output.trim().split('\n')[0] ?? '';
      return `  ${file}:${line}  ${command}: ${problem}${said === '' ? '' : `: ${said}`}`;
    }),
    `  record    ${dir}`,
    '',
  ].join('\n');
}

/** Returns a table: a line for each runbook, with its verdict, what was gained, and the commit. */
export function renderRunbooks({ runbooks, not_begun, took_s }: RunbooksDocument, sink: TextSink): string {
  const names = [...runbooks, ...not_begun].map(({ runbook }) => runbook);
  const width = Math.max(0, ...names.map(({ length }) => length));
  const gains = runbooks.map(gainText);
  const gainWidth = Math.max(0, ...gains.map(({ length }) => length));
  const lines = runbooks.map(({ runbook, verdict, why, commit }, i) => {
    const sign = paint(sink, styleOf(verdict), `${runbookSign(verdict)} ${verdict.padEnd(VERDICT_WIDTH)}`);
    const cells = [runbook.padEnd(width), (gains[i] ?? '').padEnd(gainWidth), commit || 'no commit', why];
    return `  ${sign} ${cells.join('  ')}`;
  });
  const left = not_begun.map(
    ({ runbook, reason }) =>
      `  ${paint(sink, 'yellow', `? ${'not begun'.padEnd(VERDICT_WIDTH)}`)} ${runbook.padEnd(width)}  ${reason}`,
  );
  const proven = runbooks.filter(({ verdict }) => verdict === 'proven').length;
  const whole = `  ${proven} of ${names.length} runbooks proven, in ${formatDuration(took_s * 1_000)}`;
  return ['', ...lines, ...left, '', whole, ''].join('\n');
}
