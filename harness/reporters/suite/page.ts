import { relative } from 'node:path';
import { formatDuration } from '../../core/duration.ts';
import type { SuiteDocument } from '../../core/suite/document.ts';
import type { SuiteReporter } from '../../core/suite/reporter.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { type Content, markup, type Markup } from '../html/markup.ts';
import { section } from '../html/shell.ts';
import { table } from '../html/tables.ts';
import { verdictPage } from '../html/verdict-page.ts';
import { moment } from '../wording/figures.ts';
import { suiteHeadline, suiteRemark, suiteSign } from '../wording/suite.ts';

/** The summary page of a suite: each experiment with every attempt, what was not run, and links to the reports of the runs. */
export const suitePage = (version: string): SuiteReporter => ({
  file: 'index.html',
  render: (document) => pageOf(redactDeep(document), version),
});

function pageOf(document: SuiteDocument, version: string): string {
  const { title, verdict, started, wall_s, phases_s, not_run, run } = document;
  const time = (seconds: number): string => formatDuration(Math.round(seconds) * 1_000);
  const missing = not_run.map(({ key, reason }): Content[] => [key, reason]);
  return verdictPage(
    {
      kicker: `Suite ${run} · ${moment(started)}`,
      title,
      verdict,
      sign: suiteSign(verdict),
      look: verdict.toLowerCase().replaceAll(' ', '-'),
      headline: `${suiteHeadline(document)}. It took ${time(wall_s)}; the phases of its runs took ${time(phases_s)}.`,
    },
    [
      section(
        'experiments',
        'Experiments',
        experiments(document),
        'Every attempt is listed. An experiment that passed only when it was asked again is unstable.',
      ),
      section(
        'not-run',
        'Not run',
        missing.length === 0
          ? undefined
          : table('What was not run, and why', [{ name: 'Experiment' }, { name: 'Reason' }], missing),
      ),
    ],
    version,
  );
}

function experiments({ experiments: all, dir }: SuiteDocument): Markup | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map((one): Content[] => [
    one.key,
    markup`<span class="result is-${one.verdict.toLowerCase()}"><span class="sign" aria-hidden="true">${suiteSign(one.verdict)}</span> ${one.verdict}</span>`,
    suiteRemark(one) ?? '',
    one.attempts.map(
      (attempt, i) =>
        markup`${i > 0 && markup`<br>`}<a href="${relative(dir, attempt.dir)}/report.html">${attempt.verdict}</a>`,
    ),
  ]);
  const columns = ['Experiment', 'Verdict', 'What was seen', 'Attempts'].map((name) => ({ name }));
  return table('Each experiment of the suite', columns, rows);
}
