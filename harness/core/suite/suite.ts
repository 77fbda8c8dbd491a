import type { Plan } from '../plan/plan.ts';

/** Part of a week in which a suite begins no run. */
export interface Blackout {
  /** 0 is Sunday, as in JavaScript. */
  readonly days: readonly number[];
  /** Minutes since midnight. `to` is not part of it. */
  readonly from: number;
  readonly to: number;
  /** The name of a time zone: "Europe/London". */
  readonly zone: string;
  /** As it is written in the file. */
  readonly text: string;
  readonly why: string;
}

/** An experiment whose results do not decide the verdict of its suites for some days. */
export interface Quarantine {
  readonly experiment: string;
  /** The day on which it began: "2026-11-30". */
  readonly since: string;
  readonly why: string;
}

/** What a control must show: its run fails, and by this check. */
export interface Expected {
  /** A part of the name of the check that must fail. */
  readonly check: string;
}

/** One experiment of a suite with its settings. */
export interface SuiteEntry {
  /** Unique in a suite: the experiment and its settings. The same in each reading of the same file. */
  readonly key: string;
  readonly plan: Plan;
  /** Variables of the compose file that differ from those of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** How often it is asked again when it does not pass. */
  readonly again: number;
  /** Set in a control: the sound answer is a FAIL. */
  readonly expect?: Expected;
}

/** A suite as its file describes it, with every experiment read. */
export interface Suite {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  /** Milliseconds. No run begins that would end later. Undefined: no limit. */
  readonly budgetMs: number | undefined;
  /** After so many experiments that failed, no other begins. Undefined: no limit. */
  readonly mostFailures: number | undefined;
  readonly blackouts: readonly Blackout[];
  readonly quarantines: readonly Quarantine[];
  /** In the order in which they run. */
  readonly entries: readonly SuiteEntry[];
}
