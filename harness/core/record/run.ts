import type { CheckResult } from '../kinds/check-result.ts';
import type { Environment } from './environment.ts';
import type { AlertsOfRun } from './detection.ts';
import type { Invalidity, RunEvent } from './events.ts';
import type { Efficacy } from '../kinds/fault.ts';
import type { FoundInRun } from './found.ts';
import type { History } from './history.ts';
import type { Reconciliation } from './hops.ts';
import type { Phase } from '../plan/phases.ts';
import type { ScalingSummary } from './scaling-summary.ts';
import type { Delivery } from '../out/delivery.ts';
import type { JudgedSla } from '../sla/burn.ts';
import type { SeriesMean } from './series-means.ts';
import type { Residue } from '../topology/residue.ts';
import type { Verdict } from '../verdict.ts';

/**
 * What `run --json` and `judge --json` print and run.json holds. Scripts depend on it: keys may be added, and never
 * changed or removed.
 */
export interface RunDocument {
  readonly schema_version: 1;
  readonly verdict: Verdict;
  readonly exit_code: number;
  readonly restored: boolean;
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly experiment: string;
  readonly seed: number;
  readonly started: string;
  readonly ended: string;
  readonly phases: readonly { readonly name: Phase; readonly started: string; readonly ended: string }[];
  readonly checks: readonly CheckResult[];
  /** The mean of each series in each phase, for trends. Absent in documents of earlier versions. */
  readonly series?: readonly SeriesMean[];
  /** The experiment file whose hypotheses were judged instead of the run's own; absent otherwise. */
  readonly judged_with?: string;
  readonly faults: readonly {
    readonly name: string;
    readonly id: string;
    readonly target: string;
    readonly injected: string | null;
    readonly healed: string | null;
    readonly effective: Efficacy;
    readonly evidence: string;
  }[];
  /** What is left of the faults. */
  readonly residue: readonly Residue[];
  /** All residue that the audits found, also residue that was repaired. */
  readonly found: readonly FoundInRun[];
  readonly invalid: readonly Invalidity[];
  /** Every request followed from hop to hop by its id. Absent when no logs were compared. */
  readonly reconciliation?: Reconciliation;
  /** How each service was scaled. Absent when none was. */
  readonly scaling?: readonly ScalingSummary[];
  /** What the run counts for an SLA, and what each fault burnt. Absent when the run did not reach its baseline. */
  readonly sla?: JudgedSla;
  /** What others were told about the run, and whether it reached them. Absent when nobody was to be told. */
  readonly told?: readonly Delivery[];
  /** What the alerts did, and how soon each fault was detected. Absent when no Prometheus watched the run. */
  readonly alerts?: AlertsOfRun;
  /** Why the run was not restored, not ready, interrupted or aborted, or failed with an error. Absent otherwise. */
  readonly reason?: string;
  readonly environment: Environment;
  /** Files of the run's folder that could not be written, or not to their end. Absent when all are written. */
  readonly unwritten?: readonly UnwrittenFile[];
  /** Duration of the run minus its phases, seconds: the time that the harness itself took. */
  readonly overhead_s: number;
}

/** A file that could not be written, with the code of the error. */
export interface UnwrittenFile {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** A judged run, for reporters and stores. */
export interface JudgedRun {
  readonly document: RunDocument;
  readonly history: History;
}

export interface RunSummary {
  readonly run: string;
  readonly title: string;
  readonly verdict: Verdict | 'RUNNING';
  readonly started: string;
  readonly dir: string;
}

/** Makes the content of one file in a finished run's folder. Must be fast and must not throw: the run waits for it. */
export interface Reporter {
  /** The name of the reporter's file under harness/reporters/. A reporter of a user's own has any name. */
  readonly name: string;
  /** The name of the file with the content, in a run's folder. */
  readonly file: string;
  render(judged: JudgedRun): string;
}

export const defineReporter = (reporter: Reporter): Reporter => reporter;

/** Receives events as they happen. */
export interface Subscriber {
  onEvent(event: RunEvent): void;
  close(): void;
}

/** The results database: an index over the folders of runs. It is never in the Postgres under test. */
export interface ResultStore extends AsyncDisposable {
  /** Writes the rows of one run into the specification's five tables. A second call replaces the rows. */
  save(judged: JudgedRun): Promise<void>;
  runs(): Promise<readonly RunSummary[]>;
  /** Removes the rows of these runs. A run without rows is no error. */
  remove(runs: readonly string[]): Promise<void>;
}
