import type { Fingerprint } from '../freshness/fingerprint.ts';
import type { Verdict } from '../verdict.ts';

/** What coverage needs of a run that has ended. */
export interface CoveredRun {
  readonly run: string;
  /** When the run began, ISO 8601. */
  readonly when: string;
  /** From the first event to the last, seconds. */
  readonly seconds: number;
  readonly verdict: Verdict;
  /** Why a run without PASS or FAIL ended as it did. Absent when nothing is known. */
  readonly reason?: string | undefined;
  /** The name of the experiment, its file as an absolute path, and the values of --set. */
  readonly experiment: string;
  readonly file: string;
  readonly overrides: readonly string[];
  /** The name of the Compose project. */
  readonly project: string;
  /** Every fault of the plan, also each round of a repeat. */
  readonly faults: readonly { readonly fault: string; readonly params: unknown }[];
  /** Undefined for a record without digests. It takes time, and few runs decide a cell: so it is made when asked for. */
  fingerprint(): Fingerprint | undefined;
}
