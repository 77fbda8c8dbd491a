import type { SuiteDocument, SuiteExperiment } from '../../../harness/core/suite/document.ts';

const DIR = '/reports/20261130T020000Z-suite-nightly-3f9a';

const attempts = (...verdicts: SuiteExperiment['attempts'][number]['verdict'][]): SuiteExperiment['attempts'] =>
  verdicts.map((verdict, i) => ({ run: `run-${i}`, verdict, dir: `/reports/run-${i}` }));

const experiment = (key: string, more: Partial<SuiteExperiment> = {}): SuiteExperiment => ({
  experiment: key,
  key,
  title: key,
  verdict: 'PASS',
  attributed_to: null,
  why: null,
  attempts: attempts('PASS'),
  broken: [],
  ...more,
});

/** A night with an experiment of each look, and one that was not run. */
export const suiteDocument = (): SuiteDocument => ({
  schema_version: 1,
  verdict: 'FAIL',
  exit_code: 1,
  run: '20261130T020000Z-suite-nightly-3f9a',
  dir: DIR,
  title: 'Every night: one fault after another',
  file: '/experiments/suites/nightly.yaml',
  seed: 42,
  started: '2026-11-30T02:00:00.000Z',
  ended: '2026-11-30T03:00:00.000Z',
  experiments: [
    experiment('slow-database-link', {
      verdict: 'FAIL',
      attributed_to: 'system',
      why: 'p95: 912 ms',
      attempts: attempts('FAIL', 'FAIL'),
    }),
    experiment('redis-loss', {
      verdict: 'unstable',
      attributed_to: 'system',
      why: '41 of 9,000 failed',
      attempts: attempts('FAIL', 'PASS'),
      passed: { passed: 1, of: 2, low: 0.0126, high: 0.9874 },
    }),
    experiment('lost-packets', {
      verdict: 'INCONCLUSIVE',
      attributed_to: 'host',
      why: 'stolen',
      attempts: attempts('INCONCLUSIVE'),
    }),
    experiment('app-replica-kill'),
  ],
  not_run: [
    { experiment: 'edge-loss', key: 'edge-loss', code: 'budget', reason: 'it would end after the time of the suite' },
  ],
  wall_s: 3_600,
  phases_s: 3_300,
});
