import type { JudgedRun, Reporter } from '../core/record/run.ts';
import { redactDeep } from '../core/text/redact.ts';
import { type Case, casesOf } from './wording/cases.ts';
import { ctrfStatus, ctrfText, type CtrfTest, wholeMs } from './wording/ctrf.ts';
import { headline } from './wording/headline.ts';

/**
 * ctrf.json: the same test cases as junit.xml, in the Common Test Report Format. What proves nothing has the status
 * `other`, and `rawStatus` is the verdict.
 */
const reporter: Reporter = {
  name: 'ctrf',
  file: 'ctrf.json',
  render(given) {
    const { document, history } = given;
    const { experiment, started, ended, verdict, run, dir, title, restored, seed } = document;
    const judged = { history, document: redactDeep(document) };
    return ctrfText({
      version: document.environment.harness,
      started,
      ended,
      suites: 1,
      tests: redactDeep(casesOf(judged).map((one) => testOf(one, experiment, history.plan))),
      environment: { testEnvironment: history.plan.topology.project, healthy: restored },
      extra: redactDeep({ run, dir, title, verdict, restored, seed, headline: headline(judged.document) }),
    });
  },
};

const testOf = (
  { name, verdict, seconds, line, problem }: Case,
  experiment: string,
  { file, tags }: JudgedRun['history']['plan'],
): CtrfTest => ({
  name,
  status: ctrfStatus(verdict),
  rawStatus: verdict,
  duration: wholeMs(seconds),
  suite: [experiment],
  type: 'resilience',
  tags,
  filePath: file,
  ...(line === undefined ? {} : { line }),
  ...(problem === undefined ? {} : { message: problem.message, trace: problem.text }),
});

export default reporter;
