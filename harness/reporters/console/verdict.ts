import { join } from 'node:path';
import type { RunDocument } from '../../core/record/run.ts';
import type { TextSink } from '../../core/world.ts';
import { byUrgency, headline, resultName, VERDICT_SIGN } from '../wording/headline.ts';
import { alertLines } from '../wording/alerts.ts';
import { scalingLines } from '../wording/scaling.ts';
import { foundAndGone, foundInWords } from '../wording/found.ts';
import { paint } from './paint.ts';

const STYLE = { PASS: 'green', FAIL: 'red', INCONCLUSIVE: 'yellow' } as const;

/**
 * Returns the outcome of a run: the verdict, each hypothesis, each fault's evidence, residue, and the report's path.
 */
export function renderVerdict(document: RunDocument, sink: TextSink): string {
  const { verdict, title, checks, faults, scaling = [], alerts, invalid, residue, dir } = document;
  const style = verdict === 'PASS' ? 'green' : verdict === 'INCONCLUSIVE' ? 'yellow' : 'red';
  const names = checks.map(resultName);
  const width = Math.max(0, ...names.map((name) => name.length));
  return [
    '',
    `${paint(sink, ['bold', style], `${VERDICT_SIGN[verdict]} ${verdict}`)}  ${title}`,
    headline(document),
    '',
    ...byUrgency(checks).map((check) => {
      const sign = paint(sink, STYLE[check.verdict], `${VERDICT_SIGN[check.verdict]} ${check.verdict.padEnd(12)}`);
      return `  ${sign} ${resultName(check).padEnd(width)}  ${check.expected}: ${check.observed}`;
    }),
    ...faults.map(
      (fault) => `  ${fault.effective === 'effective' ? '✓' : '?'} ${fault.id} ${fault.effective}: ${fault.evidence}`,
    ),
    ...scaling.flatMap((one) => scalingLines(one).map((line) => `  ↕ scaling of ${one.service}: ${line}`)),
    ...(alerts === undefined ? [] : alertLines(alerts)).map((line) => `  ♪ ${line}`),
    ...invalid.map(({ code, message }) => `  ${paint(sink, 'yellow', `? ${code}`)} ${message}`),
    ...foundAndGone(document).map((one) => `  ${paint(sink, 'yellow', '! found')} ${foundInWords(one)}`),
    ...residue.flatMap((left) => [
      `  ${paint(sink, ['bold', 'red'], '! left')} ${left.kind} ${left.target}`,
      `      → ${left.how_to_undo}`,
    ]),
    '',
    `  report  ${join(dir, 'report.html')}`,
    '',
  ].join('\n');
}
