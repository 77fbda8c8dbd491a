import type { Attempt } from './attempts.ts';
import type { DueAction } from '../gameday/due.ts';
import type { FilledGap } from './suite.ts';

/** Why an experiment of a suite was not run. */
export const NOT_RUN = {
  budget: 'it would end after the time of the suite',
  blackout: 'no run may go on at this time',
  failures: 'too many experiments had failed',
  'not restored': 'an earlier run could not put everything back',
  interrupted: 'the suite was ended before its turn',
  'not ready': 'the topology could not be brought up',
} as const;

type NotRunCode = keyof typeof NOT_RUN;

export interface NotRun {
  readonly code: NotRunCode;
  /** With the values: which blackout, how many failures. One sentence without its full stop. */
  readonly reason: string;
}

/** What a suite will run, as its record names it. */
export interface PlannedEntry {
  readonly key: string;
  readonly experiment: string;
  readonly title: string;
  readonly tags: readonly string[];
  /** Milliseconds: all phases, the heal phase up to its deadline. */
  readonly longest_ms: number;
  readonly control: boolean;
  /** Of an experiment that shows whether actions of game days are done: its file, from the folder of the suite's file. */
  readonly due?: { readonly file: string; readonly actions: readonly DueAction[] };
  /** Of an experiment that joined the suite for gaps of the coverage: its file, from the suite's folder, and the gaps. */
  readonly gap?: { readonly file: string; readonly fills: readonly FilledGap[] };
}

/** An event of a suite: one JSON line in suite.ndjson, on disk before the next step. `t`: epoch milliseconds. */
export type SuiteEvent = { readonly t: number } & (
  | {
      readonly kind: 'suite.started';
      readonly suite: string;
      readonly file: string;
      readonly title: string;
      readonly seed: number;
      readonly budget_ms: number | null;
      /** Of the suite's file and the plans of its experiments. A suite is resumed only with the same. */
      readonly digest: string;
      readonly entries: readonly PlannedEntry[];
    }
  | { readonly kind: 'suite.resumed' }
  | { readonly kind: 'attempt.began'; readonly key: string }
  /** The run has a folder. It may end without another event: by a crash. */
  | { readonly kind: 'attempt.runs'; readonly key: string; readonly run: string; readonly dir: string }
  | {
      readonly kind: 'attempt.ended';
      readonly key: string;
      readonly attempt: Attempt;
      /** Milliseconds: the planned phases of the run, the heal phase as long as it took. */
      readonly phases_ms: number;
    }
  | ({ readonly kind: 'not.run'; readonly key: string } & NotRun)
  | { readonly kind: 'suite.ended' }
);

export type SuiteEventOf<K extends SuiteEvent['kind']> = Extract<SuiteEvent, { kind: K }>;
