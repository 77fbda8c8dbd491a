import type { CheckResult } from './check-result.ts';
import type { Evidence } from './fault.ts';
import type { Environment } from './environment.ts';
import type { LoadRecord } from './load/record.ts';
import type { Reconciliation } from './hops.ts';
import type { LoadTick, LoadTotals } from './load/load.ts';
import type { Observation } from './observation.ts';
import type { Phase } from './phases.ts';
import type { Condition, Plan } from './plan.ts';
import type { ContainerState, Residue, Role } from './topology.ts';
import type { UndoStep } from './undo.ts';
import type { Verdict } from './verdict.ts';

/** What was found when every acknowledged write of one endpoint was looked up on the current primary. */
export interface AuditFinding {
  readonly endpoint: string;
  readonly acknowledged: number;
  readonly unknown: number;
  /** Acknowledged, not there. */
  readonly lost: number;
  /** There, with another value than was acknowledged. */
  readonly wrong_value: number;
  /** Entities whose current version is older than, or differs at, the newest acknowledged one. */
  readonly overwritten: number;
  /** Acknowledged jobs without an effect. */
  readonly effect_missing: number;
  /** Jobs with more than one effect. */
  readonly effect_repeated: number;
  /** Keys stored more than once. */
  readonly duplicated: number;
  /** Of the unknown ones, how many are there: neither loss nor error. */
  readonly unknown_present: number;
  readonly examples: readonly string[];
}

/** A machine-readable reason why the run as a whole proves nothing. */
export interface Invalidity {
  readonly code: string;
  readonly message: string;
}

/** Who ends a run before its time, other than by a signal. */
export type AbortedBy = 'stop_if' | 'chaos abort' | 'duration' | 'guardian';

/** How a wait of the fault phase ended. */
export interface WaitEnd {
  readonly id: string;
  /** 'late': its deadline passed; 'cut short': the fault phase ended before. */
  readonly outcome: 'held' | 'late' | 'cut short';
  /** What was seen last: "HTTP 503", "postgres-b is primary", "nothing". */
  readonly saw: string;
  /** The steps after it are taken, whatever the outcome. */
  readonly optional: boolean;
}

/** What happened, in order, one JSON line each in events.ndjson: the truth about a run. `t` is epoch milliseconds. */
export type RunEvent = { readonly t: number } & (
  | { readonly kind: 'run.started'; readonly run: string; readonly plan: Plan; readonly environment: Environment }
  /** First of a load alone (`chaos load`), which has neither phases nor a verdict. */
  | { readonly kind: 'load.started'; readonly run: string; readonly record: LoadRecord }
  | { readonly kind: 'topology'; readonly step: string; readonly ms: number }
  | { readonly kind: 'phase.started'; readonly phase: Phase }
  | { readonly kind: 'phase.ended'; readonly phase: Phase }
  | { readonly kind: 'fault.injecting'; readonly id: string; readonly fault: string; readonly params: unknown }
  | { readonly kind: 'undo.recorded'; readonly id: string; readonly step: UndoStep }
  | { readonly kind: 'fault.injected'; readonly id: string; readonly targets: readonly string[] }
  | { readonly kind: 'fault.healing'; readonly id: string }
  | {
      readonly kind: 'undo.done';
      readonly id: string;
      readonly step: UndoStep;
      readonly by: 'run' | 'guardian' | 'heal';
    }
  | { readonly kind: 'undo.failed'; readonly id: string; readonly step: UndoStep; readonly error: string }
  | { readonly kind: 'fault.healed'; readonly id: string }
  /** It could not be injected, and its step says that the others go on all the same. */
  | { readonly kind: 'fault.failed'; readonly id: string; readonly code: string; readonly message: string }
  | { readonly kind: 'wait.started'; readonly id: string; readonly wait: Condition; readonly within_ms: number }
  | ({ readonly kind: 'wait.ended' } & WaitEnd)
  | ({ readonly kind: 'observation' } & Observation)
  | ({ readonly kind: 'container' } & ContainerState)
  | {
      readonly kind: 'role';
      readonly group: string;
      readonly member: string;
      readonly role: Role | 'unknown';
      readonly state: string;
      readonly timeline: number | null;
    }
  | ({ readonly kind: 'load' } & LoadTick)
  | { readonly kind: 'load.ended'; readonly totals: LoadTotals }
  | {
      readonly kind: 'resources';
      readonly server_id: string;
      readonly cpu_percent: number | null;
      readonly memory_percent: number | null;
      readonly disk_percent: number | null;
      readonly network_bytes_per_s: number | null;
      readonly connections: number | null;
    }
  | {
      readonly kind: 'cache';
      readonly layer: 'application' | 'redis' | 'cdn';
      readonly pattern: string;
      readonly hits: number;
      readonly misses: number;
      readonly evictions: number;
      readonly average_ms: number | null;
    }
  | {
      readonly kind: 'scaled';
      readonly group: string;
      readonly action: 'scale_up' | 'scale_down';
      readonly from: number;
      readonly to: number;
      readonly metric: string;
      readonly value: number;
      readonly threshold: number;
    }
  | { readonly kind: 'audit'; readonly finding: AuditFinding }
  | {
      readonly kind: 'audit.ended';
      readonly complete: boolean;
      readonly primary: string;
      readonly ms: number;
      readonly problem?: string;
    }
  | ({ readonly kind: 'hops' } & Reconciliation)
  /** Processor time of all cores since the last of these events, milliseconds. */
  | {
      readonly kind: 'host';
      readonly busy_ms: number;
      readonly idle_ms: number;
      /** Wanted here and given to another guest of the same machine. */
      readonly stolen_ms: number;
    }
  /** The wall clock moved against the monotonic one by more than it may, milliseconds; forward is positive. */
  | { readonly kind: 'clock.stepped'; readonly by_ms: number }
  | { readonly kind: 'residue'; readonly residue: readonly Residue[]; readonly healthy: boolean }
  | { readonly kind: 'not-ready'; readonly code: string; readonly message: string; readonly hint: string }
  | { readonly kind: 'interrupted'; readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'killed' }
  /** Ended before its time, in order: by whom, and why, with the values. */
  | {
      readonly kind: 'aborted';
      readonly by: AbortedBy;
      readonly message: string;
    }
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  | { readonly kind: 'note'; readonly message: string }
  | {
      readonly kind: 'run.ended';
      readonly verdict: Verdict;
      readonly checks: readonly CheckResult[];
      readonly faults: readonly (Evidence & { readonly id: string })[];
    }
);

export type EventKind = RunEvent['kind'];
export type EventOf<K extends EventKind> = Extract<RunEvent, { kind: K }>;
