import type { SuiteDocument, SuiteExperiment } from '../../core/suite/document.ts';
import type { SuiteReporter } from '../../core/suite/reporter.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { ctrfStatus, ctrfText, type CtrfStatus, type CtrfTest } from '../wording/ctrf.ts';
import { suiteHeadline, suiteRemark } from '../wording/suite.ts';

type Read = (dir: string) => string | undefined;

/**
 * ctrf.json of a suite: one test for each experiment, with the check results of its last run as steps and the runs before
 * it as attempts; what was not run is skipped. An experiment that passed only when it was asked again is failed.
 */
export const ctrf = (version: string): SuiteReporter => ({
  file: 'ctrf.json',
  option: 'ctrf',
  render(given, read) {
    const document = redactDeep(given);
    const { experiments, not_run, title, verdict, run, dir, seed } = document;
    const reports: Read = (of) => read(of, 'ctrf.json');
    return ctrfText({
      version,
      started: document.started,
      ended: document.ended,
      suites: 1,
      tests: [
        ...experiments.map((one) => testOf(one, document, reports)),
        ...not_run.map(({ key, code, reason }): CtrfTest => ({
          name: key,
          status: 'skipped',
          rawStatus: code,
          duration: 0,
          suite: [title],
          message: reason,
        })),
      ],
      extra: { run, dir, verdict, seed, headline: suiteHeadline(document) },
    });
  },
});

function testOf(one: SuiteExperiment, { title }: SuiteDocument, read: Read): CtrfTest {
  const { key, verdict, attempts, quarantined, passed, fills } = one;
  const runs = attempts.map((attempt) => ({ ...attempt, report: reportOf(read(attempt.dir)) }));
  const last = runs.at(-1);
  const earlier = runs.slice(0, -1).map((attempt, i) => ({
    attempt: i + 1,
    status: ctrfStatus(attempt.verdict),
    duration: attempt.report.duration,
    extra: { run: attempt.run },
  }));
  const remark = suiteRemark(one);
  const more = { ...(passed === undefined ? {} : { passed }), ...(fills === undefined ? {} : { fills }) };
  return {
    name: key,
    // In quarantine it is shown, and does not decide.
    status: quarantined !== undefined && verdict !== 'PASS' ? 'other' : ctrfStatus(verdict),
    rawStatus: verdict,
    duration: last?.report.duration ?? 0,
    suite: [title],
    type: 'resilience',
    ...(last?.report.filePath === undefined ? {} : { filePath: last.report.filePath }),
    ...(remark === undefined ? {} : { message: remark }),
    retries: earlier.length,
    ...(earlier.length === 0 ? {} : { retryAttempts: earlier }),
    steps: last?.report.steps ?? [],
    extra: { runs: runs.map(({ run }) => run), ...more },
  };
}

interface OfRun {
  readonly duration: number;
  readonly filePath: string | undefined;
  readonly steps: readonly { readonly name: string; readonly status: CtrfStatus }[];
}

const NOTHING: OfRun = { duration: 0, filePath: undefined, steps: [] };

/** Returns what the ctrf.json of a run says; nothing when it is missing or damaged. */
function reportOf(text: string | undefined): OfRun {
  if (text === undefined) return NOTHING;
  try {
    const { results } = JSON.parse(text) as {
      readonly results: { readonly summary: { readonly duration: number }; readonly tests: readonly CtrfTest[] };
    };
    const filePath = results.tests[0]?.['filePath'];
    return {
      duration: results.summary.duration,
      filePath: typeof filePath === 'string' ? filePath : undefined,
      steps: results.tests.map(({ name, status }) => ({ name, status })),
    };
  } catch {
    return NOTHING;
  }
}
