import type { RunbookDocument } from '../../core/runbook/document.ts';
import type { TextSink } from '../../core/world.ts';
import { armText, gainText, runbookSign } from '../wording/runbook.ts';
import { paint } from './paint.ts';

const styleOf = (verdict: RunbookDocument['verdict']): 'green' | 'yellow' | 'red' => {
  const sign = runbookSign(verdict);
  return sign === '✓' ? 'green' : sign === '✗' ? 'red' : 'yellow';
};

/** Returns the outcome of a validation: the verdict, what each arm showed, and what went wrong in which line. */
export function renderRunbook(document: RunbookDocument, sink: TextSink): string {
  const { verdict, runbook, title, why, arms, gained_s: gained, promised_s: promised, problems, dir, file } = document;
  return [
    '',
    `${paint(sink, ['bold', styleOf(verdict)], `${runbookSign(verdict)} ${verdict}`)}  ${runbook}: ${title}`,
    `  ${why}`,
    '',
    ...arms.map((arm) => `  ${arm.arm.padEnd(10)} ${armText(arm)}`),
    '',
    `  gained    ${gainText(gained)}`,
    `  promised  healthy ${promised} s after the first command`,
    ...problems.map(({ command, line, problem, output }) => {
      const said = output.trim().split('\n')[0] ?? '';
      return `  ${file}:${line}  ${command}: ${problem}${said === '' ? '' : `: ${said}`}`;
    }),
    `  record    ${dir}`,
    '',
  ].join('\n');
}

/** Returns one line for each validated runbook. */
export function renderRunbooks(documents: readonly RunbookDocument[], sink: TextSink): string {
  const width = Math.max(...documents.map(({ runbook }) => runbook.length));
  const lines = documents.map(({ runbook, verdict, why, gained_s: gained }) => {
    const sign = paint(sink, styleOf(verdict), `${runbookSign(verdict)} ${verdict.padEnd(12)}`);
    return `  ${sign} ${runbook.padEnd(width)}  ${why}; gained ${gainText(gained)}`;
  });
  return ['', ...lines, ''].join('\n');
}
