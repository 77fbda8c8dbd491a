import { join } from 'node:path';
import { formatDuration } from '../../core/duration.ts';
import type { SuiteDocument } from '../../core/suite/document.ts';
import type { TextSink } from '../../core/world.ts';
import { suiteHeadline, suiteRemark, suiteSign } from '../wording/suite.ts';
import { paint } from './paint.ts';

const styleOf = (verdict: string): 'green' | 'yellow' | 'red' =>
  verdict === 'PASS' ? 'green' : verdict === 'INCONCLUSIVE' || verdict === 'unstable' ? 'yellow' : 'red';

/** Returns the outcome of a suite: its verdict, each experiment, what was not run and why, and where the summary is. */
export function renderSuite(document: SuiteDocument, sink: TextSink): string {
  const { verdict, title, experiments, not_run, wall_s, phases_s, dir } = document;
  const width = Math.max(0, ...experiments.map(({ key }) => key.length));
  const seconds = (value: number): string => formatDuration(Math.round(value) * 1_000);
  return [
    '',
    `${paint(sink, ['bold', styleOf(verdict)], `${suiteSign(verdict)} ${verdict}`)}  ${title}`,
    suiteHeadline(document),
    '',
    ...experiments.map((one) => {
      const sign = paint(sink, styleOf(one.verdict), `${suiteSign(one.verdict)} ${one.verdict.padEnd(12)}`);
      const remark = suiteRemark(one);
      return `  ${sign} ${one.key.padEnd(width)}  ${remark ?? ''}`.trimEnd();
    }),
    ...not_run.map(({ key, reason }) => `  ○ not run      ${key.padEnd(width)}  ${reason}`),
    '',
    `  it took  ${seconds(wall_s)}; the phases of its runs ${seconds(phases_s)}`,
    `  summary  ${join(dir, 'index.html')}`,
    '',
  ].join('\n');
}
