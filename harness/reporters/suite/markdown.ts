import { formatDuration } from '../../core/duration.ts';
import type { SuiteReporter } from '../../core/suite/reporter.ts';
import { markdownCell, markdownTable, withinLimit } from '../wording/markdown-text.ts';
import { suiteHeadline, suiteRemark, suiteSign } from '../wording/suite.ts';

/** summary.md of a suite, for a CI's step summary: the verdict first, what is red before what is green. */
export const markdown: SuiteReporter = {
  file: 'summary.md',
  option: 'summary',
  render(document) {
    const { verdict, title, experiments, not_run, wall_s } = document;
    const rows = [...experiments]
      .toSorted((a, b) => Number(a.verdict === 'PASS') - Number(b.verdict === 'PASS'))
      .map((one) => [
        `${suiteSign(one.verdict)} ${one.verdict}`,
        markdownCell(one.key),
        markdownCell(suiteRemark(one) ?? ''),
        one.attempts.map(({ run }) => `\`${run}\``).join('<br>'),
      ]);
    const text = [
      `### ${suiteSign(verdict)} ${verdict} · ${markdownCell(title)}`,
      `${markdownCell(suiteHeadline(document))}. It took ${formatDuration(Math.round(wall_s) * 1_000)}.`,
      rows.length === 0 ? '' : markdownTable(['', 'experiment', 'what was seen', 'runs'], rows),
      not_run.length === 0
        ? ''
        : `#### Not run\n\n${markdownTable(
            ['experiment', 'reason'],
            not_run.map(({ key, reason }) => [markdownCell(key), markdownCell(reason)]),
          )}`,
    ]
      .filter((part) => part !== '')
      .join('\n\n');
    return withinLimit(text, 'index.html');
  },
};
