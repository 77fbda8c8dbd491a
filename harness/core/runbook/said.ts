import type { Part } from './runbook.ts';

/** The state of the system when a command of a runbook was carried out, as far as the run knows it. */
export type SystemState =
  /** Before the failure. */
  | 'sound'
  /** The failure is there, and nobody has done anything. */
  | 'failed'
  /** Commands that change something were carried out. */
  | 'treated';

/** Why a command did not do what its runbook says. */
export type CommandProblem =
  /** A program, file or name in the command is not there any more. */
  | 'not found'
  /** The topology has no such container. */
  | 'no place'
  | 'no answer in time'
  | 'failed'
  /** The command ended with 0 and printed something else. */
  | 'other output'
  /** The host may not run it: the topology does not allow the command by name. */
  | 'not allowed';

/** What became of one command of a runbook. */
export interface CommandSaid {
  readonly runbook: string;
  readonly name: string;
  readonly part: Part;
  readonly state: SystemState;
  /** The container, or "host". Absent when there was none. */
  readonly place?: string;
  /** Exit code; null when the command did not end by itself. */
  readonly code: number | null;
  /** What it printed, cut after OUTPUT_CHARACTERS. */
  readonly output: string;
  readonly ms: number;
  /** Absent when the command did what the runbook says. */
  readonly problem?: CommandProblem;
}

/** Characters of a command's output that a record keeps. */
export const OUTPUT_CHARACTERS = 4_000;
