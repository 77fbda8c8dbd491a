import type { CheckResult } from './check-result.ts';
import type { Environment } from './environment.ts';
import type { Invalidity, RunEvent } from './events.ts';
import type { Efficacy } from './fault.ts';
import type { History } from './history.ts';
import type { Reconciliation } from './hops.ts';
import type { Phase } from './phases.ts';
import type { Residue } from './topology.ts';
import type { Verdict } from './verdict.ts';

/** What `run --json` and `judge --json` print and run.json holds: a contract, keys are only ever added. */
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
  readonly faults: readonly {
    readonly name: string;
    readonly id: string;
    readonly target: string;
    readonly injected: string | null;
    readonly healed: string | null;
    readonly effective: Efficacy;
    readonly evidence: string;
  }[];
  readonly residue: readonly Residue[];
  readonly invalid: readonly Invalidity[];
  /** Every request from hop to hop, by its id; absent where no logs were compared. */
  readonly reconciliation?: Reconciliation;
  /** Why the run was not ready, was interrupted or met an error; absent otherwise. */
  readonly reason?: string;
  readonly environment: Environment;
  /** Wall time of the run less its phases, seconds: what the harness itself cost. */
  readonly overhead_s: number;
}

/** A judged run, as reporters and stores receive it. */
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

/** Writes one file of a finished run's folder; may neither throw nor block the run for long. */
export interface Reporter {
  readonly file: string;
  render(judged: JudgedRun): string;
}

/** Sees events as they happen. */
export interface Subscriber {
  onEvent(event: RunEvent): void;
  close(): void;
}

/** Index over the runs' folders; never in the Postgres under test. */
export interface ResultStore extends AsyncDisposable {
  /** Writes the specification's five tables for one run; saving it again replaces its rows. */
  save(judged: JudgedRun): Promise<void>;
  runs(): Promise<readonly RunSummary[]>;
}
