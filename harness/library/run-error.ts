import { ChaosError, type ErrorCode } from '../core/errors.ts';
import type { Exit } from '../core/exits.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import type { RunDocument } from '../core/record/run.ts';
import { headline, resultName } from '../reporters/wording/headline.ts';

/**
 * A run that did not PASS. There is one class for each verdict. Its message says what was expected and observed, and where
 * the report is.
 */
export class RunError extends ChaosError {
  override readonly name: string = 'RunError';
  readonly document: RunDocument;
  /** The path of the report. */
  readonly report: string;

  constructor(code: ErrorCode, exit: Exit, hint: string, document: RunDocument, lines: readonly string[]) {
    const report = `${document.dir}/report.html`;
    const shown = [`${document.verdict}: ${document.title}`, headline(document), ...lines, `report: ${report}`];
    super(code, { what: shown.join('\n  '), hint, exit });
    this.document = document;
    this.report = report;
  }
}

/** FAIL: the run is valid, and a hypothesis does not hold. Test runners draw the difference of `expected` and `actual`. */
export class HypothesisFailed extends RunError {
  override readonly name = 'HypothesisFailed';
  /** The limits of the hypotheses that do not hold, one a line. */
  readonly expected: string;
  /** What was observed, with its bounds, one a line. */
  readonly actual: string;

  constructor(document: RunDocument) {
    const failed = document.checks.filter(({ verdict }) => verdict === 'FAIL');
    super(
      'CHAOS_HYPOTHESIS_FAILED',
      'fail',
      'Read the report: it shows when the limit was passed.',
      document,
      failed.flatMap(checkLines),
    );
    this.expected = failed.map((check) => `${resultName(check)}: ${check.expected}`).join('\n');
    this.actual = failed.map((check) => `${resultName(check)}: ${check.observed}`).join('\n');
  }
}

/** INCONCLUSIVE: the run proves nothing, neither that a hypothesis holds nor that it does not. */
export class Inconclusive extends RunError {
  override readonly name = 'Inconclusive';

  constructor(document: RunDocument) {
    const hint =
      'Give it longer phases or a quieter machine, or find out why a fault did not bite. The report says which.';
    const open = document.checks.filter(({ verdict }) => verdict === 'INCONCLUSIVE');
    const unproven = document.faults.filter(({ effective }) => effective !== 'effective');
    super('CHAOS_INCONCLUSIVE', 'inconclusive', hint, document, [
      ...document.invalid.map(({ code, message }) => `${code}: ${message}`),
      ...unproven.map(({ id, effective, evidence }) => `fault ${id} was ${effective}: ${evidence}`),
      ...open.flatMap(checkLines),
    ]);
  }
}

/** NOT RESTORED: something could not be put back. It outranks every other verdict. */
export class NotRestored extends RunError {
  override readonly name = 'NotRestored';

  constructor(document: RunDocument) {
    const hint = 'Repair it now: `chaos heal`, or the commands that the message names.';
    const left = document.residue.map(
      ({ kind, target, how_to_undo: repair }) => `left behind: ${kind} ${target}; repair it with: ${repair}`,
    );
    super('CHAOS_NOT_RESTORED', 'not-restored', hint, document, left);
  }
}

/** NOT READY: the system or this machine lacks what the experiment needs. Nothing was broken. */
export class NotReady extends RunError {
  override readonly name = 'NotReady';

  constructor(document: RunDocument) {
    super('CHAOS_NOT_READY', 'not-ready', '`chaos doctor` looks at this machine.', document, []);
  }
}

/** ABORTED: a stop condition, a limit, a person or the end of the session stopped the run. Everything was put back. */
export class Aborted extends RunError {
  override readonly name = 'Aborted';

  constructor(document: RunDocument) {
    super('CHAOS_ABORTED', 'aborted', 'The message says who or what stopped it.', document, []);
  }
}

/** INTERRUPTED: a signal or the end of its process ended the run. Everything was put back. */
export class Interrupted extends RunError {
  override readonly name = 'Interrupted';

  constructor(document: RunDocument) {
    super('CHAOS_INTERRUPTED', 'interrupted', 'Run it again.', document, []);
  }
}

/** ERROR: the harness itself failed. Everything was put back. */
export class HarnessFailed extends RunError {
  override readonly name = 'HarnessFailed';

  constructor(document: RunDocument) {
    super('CHAOS_RUN_ERROR', 'error', 'This is a bug of ours: please send the folder of the run.', document, []);
  }
}

/** "latency p95 of reads (fault), line 12", and what was expected and observed. */
const checkLines = (check: CheckResult): readonly string[] => [
  `${resultName(check)}${check.line === undefined ? '' : `, line ${check.line}`}`,
  `  expected ${check.expected}`,
  `  observed ${check.observed}, ${check.samples} samples`,
];

/** Returns the error of a run that is over; undefined when the run is a PASS and all its files are written. */
export function errorOf(document: RunDocument): RunError | undefined {
  switch (document.verdict) {
    case 'PASS':
      return unwritten(document);
    case 'FAIL':
      return new HypothesisFailed(document);
    case 'INCONCLUSIVE':
      return new Inconclusive(document);
    case 'NOT RESTORED':
      return new NotRestored(document);
    case 'NOT READY':
      return new NotReady(document);
    case 'ABORTED':
      return new Aborted(document);
    case 'INTERRUPTED':
      return new Interrupted(document);
    case 'ERROR':
      return new HarnessFailed(document);
  }
}

/** A PASS without its files is no PASS: nobody could look it up. */
function unwritten(document: RunDocument): RunError | undefined {
  const { unwritten: files = [] } = document;
  if (files.length === 0) return undefined;
  const lines = files.map(({ file, message }) => `${file} could not be written: ${message}`);
  return new RunError('CHAOS_NOT_WRITABLE', 'not-ready', 'Make room on the disk.', document, lines);
}
