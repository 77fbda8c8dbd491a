import type { EntryVerdict } from '../../core/suite/attempts.ts';
import { visibleJson } from '../../core/text/visible.ts';

/** The version of the specification (ctrf.io) that these files keep to: the one that its reference implementation reads. */
const SPEC_VERSION = '0.0.0';

export type CtrfStatus = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

export interface CtrfTest {
  readonly name: string;
  readonly status: CtrfStatus;
  /** Milliseconds, as all times of this format. */
  readonly duration: number;
  readonly [more: string]: unknown;
}

interface CtrfReport {
  readonly version: string;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  readonly suites: number;
  readonly tests: readonly CtrfTest[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What proves nothing is neither passed nor failed. `unstable` stays red, as in JUnit. */
const STATUS: Readonly<Record<EntryVerdict, CtrfStatus>> = {
  PASS: 'passed',
  FAIL: 'failed',
  unstable: 'failed',
  ABORTED: 'failed',
  'NOT RESTORED': 'failed',
  ERROR: 'failed',
  INCONCLUSIVE: 'other',
  'NOT READY': 'other',
  INTERRUPTED: 'other',
};

export const ctrfStatus = (verdict: string): CtrfStatus => STATUS[verdict as EntryVerdict] ?? 'other';

/** Returns whole milliseconds. */
export const wholeMs = (seconds: number): number => Math.max(0, Math.round(seconds * 1_000));

/** Returns the text of a report in the Common Test Report Format. */
export function ctrfText({ version, started, ended, suites, tests, environment, extra }: CtrfReport): string {
  const of = (status: CtrfStatus): number => tests.filter((test) => test.status === status).length;
  const [start, stop] = [started, ended].map((time) => Date.parse(time)) as [number, number];
  const report = {
    reportFormat: 'CTRF',
    specVersion: SPEC_VERSION,
    timestamp: ended,
    generatedBy: `chaos ${version}`,
    results: {
      tool: { name: 'chaos', version },
      summary: {
        tests: tests.length,
        passed: of('passed'),
        failed: of('failed'),
        skipped: of('skipped'),
        pending: of('pending'),
        other: of('other'),
        suites,
        start,
        stop,
        duration: Math.max(0, stop - start),
      },
      tests,
      ...(environment === undefined ? {} : { environment }),
      extra,
    },
  };
  return `${visibleJson(JSON.stringify(report, null, 2))}\n`;
}
