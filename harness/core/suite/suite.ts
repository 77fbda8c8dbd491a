import type { Cell } from '../coverage/cell.ts';
import type { DueAction } from '../gameday/due.ts';
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

/** A gap of the coverage that an experiment would fill. */
export type FilledGap = Pick<Cell, 'component' | 'failure' | 'state'>;

/** What a suite asks of the coverage: the most valuable experiments that would fill gaps, in so many minutes. */
export interface AskedGaps {
  readonly minutes: number;
  /** The experiment after which others are generated, as an absolute path. Undefined: the first that is fit for it. */
  readonly like: string | undefined;
  readonly again: number;
  /** Where the suite asks for it. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number };
}

/** What a suite asks of game days: the experiments that will show whether actions are done whose date has come. */
interface AskedActions {
  readonly again: number;
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
  /** The gaps for which the experiment joined the suite. Absent when the file of the suite names the experiment. */
  readonly fills?: readonly FilledGap[];
  /** The actions of game days that the experiment will show to be done. Absent when there are none. */
  readonly due?: readonly DueAction[];
  /** The text of an experiment that is generated for the suite. No file has it before the suite begins. */
  readonly text?: string;
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
  /** Absent when the suite asks for none. The experiments for it are not in `entries` before they are planned. */
  readonly actions?: AskedActions;
  /** Undefined when the suite asks for none. The experiments for it are not in `entries` before they are planned. */
  readonly gaps: AskedGaps | undefined;
  /** In the order in which they run. */
  readonly entries: readonly SuiteEntry[];
}
