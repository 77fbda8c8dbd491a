import type { CheckResult } from '../kinds/check-result.ts';
import type { Evidence } from '../kinds/fault.ts';
import type { AlertKept, AlertRuleSeen, AlertSeen, RuleAtEnd } from './alert-events.ts';
import type { DeployNews } from './deploy.ts';
import type { Scaling } from './scaling.ts';
import type { Environment } from './environment.ts';
import type { LoadRecord } from '../load/record.ts';
import type { Reconciliation } from './hops.ts';
import type { LoadTick, LoadTotals } from '../load/load.ts';
import type { Observation } from './observation.ts';
import type { Phase } from '../plan/phases.ts';
import type { Plan } from '../plan/plan.ts';
import type { Life } from '../topology/life.ts';
import type { ContainerNames } from '../topology/names.ts';
import type { ContainerState } from '../topology/state.ts';
import type { MetricLabels } from '../topology/monitoring.ts';
import type { AuditMoment, FoundResidue, RepairedResidue, Residue } from '../topology/residue.ts';
import type { AllowedDifference } from '../topology/snapshot/compare.ts';
import type { Snapshot } from '../topology/snapshot/snapshot.ts';
import type { Role } from '../topology/spec.ts';
import type { UndoStep } from '../topology/undo.ts';
import type { Verdict } from '../verdict.ts';

/** The result of the audit of writes for one endpoint. The audit looks up the writes on the current primary. */
export interface AuditFinding {
  readonly endpoint: string;
  readonly acknowledged: number;
  readonly unknown: number;
  /** Acknowledged writes that are not in the database. */
  readonly lost: number;
  /** Acknowledged writes that are in the database with another value than the acknowledged value. */
  readonly wrong_value: number;
  /** Entities with a version older than the newest acknowledged version, or with this version and another value. */
  readonly overwritten: number;
  /** Acknowledged jobs without an effect. */
  readonly effect_missing: number;
  /** Jobs with more than one effect. */
  readonly effect_repeated: number;
  /** Keys stored more than once. */
  readonly duplicated: number;
  /** How many of the unknown writes are in the database. They are neither a loss nor an error. */
  readonly unknown_present: number;
  readonly examples: readonly string[];
}

/** A reason why the run as a whole proves nothing. Programs read `code`. */
export interface Invalidity {
  readonly code: string;
  readonly message: string;
}

/** Who or what ends a run early, other than a signal. */
export type AbortedBy = 'stop_if' | 'chaos abort' | 'duration' | 'guardian' | 'session' | 'record';

/** How a step of the fault phase ended. */
export interface StepEnd {
  /** "wait-1": unique in a run. */
  readonly id: string;
  /** The name of the step's kind: "wait". */
  readonly step: string;
  /** 'late': the step's deadline passed. 'cut short': the fault phase ended before. */
  readonly outcome: 'done' | 'late' | 'cut short';
  /** True: the run can prove something with every outcome, and the next step is taken when this step is late. */
  readonly optional?: boolean;
  /** One sentence for people, without the id. */
  readonly text: string;
}

/**
 * An event of a run or a load: one JSON line in events.ndjson. The events are the truth about a run. `t` is in epoch
 * milliseconds.
 */
export type RunEvent = { readonly t: number } & (
  | {
      readonly kind: 'run.started';
      readonly run: string;
      /** See core/record/version.ts. Absent in version 1. */
      readonly version?: number;
      /** The run compares the system with a snapshot. Absent in records that were made before there were snapshots. */
      readonly compares?: true;
      readonly plan: Plan;
      readonly environment: Environment;
    }
  /** The first event of a load alone (`chaos load`). A load alone has no phases and no verdict. */
  | {
      readonly kind: 'load.started';
      readonly run: string;
      /** See core/record/version.ts. Absent in version 1. */
      readonly version?: number;
      readonly record: LoadRecord;
    }
  | { readonly kind: 'topology'; readonly step: string; readonly ms: number }
  /** The names of containers that do not follow the pattern of Compose. Recorded before the first fault begins. */
  | { readonly kind: 'containers'; readonly names: ContainerNames }
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
  /** The fault could not be injected, and its step says that the other steps go on. */
  | { readonly kind: 'fault.failed'; readonly id: string; readonly code: string; readonly message: string }
  | { readonly kind: 'step.began'; readonly id: string; readonly step: string; readonly text: string }
  /** A step that takes no time has no `step.began`. */
  | ({ readonly kind: 'step.ended' } & StepEnd)
  | ({ readonly kind: 'observation' } & Observation)
  | ({ readonly kind: 'container' } & ContainerState)
  | ({ readonly kind: 'life' } & Life)
  /** From this moment on the engine tells what becomes of containers, or does not. Before the first: it does not. */
  | { readonly kind: 'lives'; readonly told: boolean }
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
  /** One value of any figure. New probes write such events. A series reads the events with the name of its figure. */
  | {
      readonly kind: 'reading';
      /** Who was measured or who answered: a container, a host, an address. */
      readonly source: string;
      readonly name: string;
      /** The labels tell the lines of a figure apart. */
      readonly labels: Readonly<Record<string, string>>;
      readonly value: number;
      /** See core/units.ts. */
      readonly unit: string;
    }
  /** The alert rules that Prometheus had when the watch on the alerts began. */
  | { readonly kind: 'alert.rules'; readonly version: string; readonly rules: readonly AlertRuleSeen[] }
  /** An alert has another state than before. `t`: when this was seen. */
  | ({ readonly kind: 'alert.state' } & AlertSeen)
  /** The pager received a notification with the alert at `at`, epoch milliseconds. */
  | {
      readonly kind: 'alert.delivered';
      readonly name: string;
      readonly labels: MetricLabels;
      readonly status: 'firing' | 'resolved';
      readonly at: number;
    }
  /** From this moment on Prometheus answers, evaluates its rules and reaches its targets, or does not. Before the first: it does not. */
  | { readonly kind: 'alert.watch'; readonly watching: boolean; readonly problem?: string }
  /** When the watch ended: what Prometheus itself kept about an alert. */
  | ({ readonly kind: 'alert.kept' } & AlertKept)
  /** The watch on the alerts ends. */
  | {
      readonly kind: 'alert.watched';
      /** How many times Prometheus was asked, and how many times it answered. */
      readonly looks: number;
      readonly answered: number;
      /** The same for the pager. Null when there is none. */
      readonly pager: { readonly looks: number; readonly answered: number } | null;
      /** How many events told what alerts did: `alert.state`, `alert.delivered` and `alert.kept` together. */
      readonly told: number;
      /** Whether the kept times (`alert.kept`) could be read. Without them the times are as exact as the looks. */
      readonly kept: boolean;
      readonly rules: readonly RuleAtEnd[];
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
  /** A controller wants another number of containers. `scaled` follows when it was carried out. */
  | {
      readonly kind: 'decided';
      readonly id: string;
      readonly controller: string;
      readonly service: string;
      readonly from: number;
      readonly to: number;
      readonly why: string;
    }
  /** A scaler has looked at its figures, and decided; also when it decided to change nothing. */
  | ({ readonly kind: 'scaling'; readonly id: string; readonly service: string } & Scaling)
  | { readonly kind: 'controller.failed'; readonly id: string; readonly message: string }
  /** A controller decides no more. `failures`: how many times it failed. */
  | { readonly kind: 'controller.ended'; readonly id: string; readonly failures: number }
  /** What a deploy did to one container, and how a deploy ended. `id`: the fault that is the deploy. */
  | ({ readonly id: string } & DeployNews)
  | { readonly kind: 'audit'; readonly finding: AuditFinding }
  | {
      readonly kind: 'audit.ended';
      readonly complete: boolean;
      readonly primary: string;
      readonly ms: number;
      readonly problem?: string;
    }
  | ({ readonly kind: 'hops' } & Reconciliation)
  /** Processor time of all cores since the previous `host` event, milliseconds. */
  | {
      readonly kind: 'host';
      readonly busy_ms: number;
      readonly idle_ms: number;
      /** Time that this machine needed and the hypervisor gave to other guests. */
      readonly stolen_ms: number;
    }
  /** The wall clock moved too far against the monotonic clock: by so many milliseconds. Forward is positive. */
  | { readonly kind: 'clock.stepped'; readonly by_ms: number }
  /** The watch on the wall clock ends: how often it looked, and how many times it saw a step. */
  | { readonly kind: 'clock.watched'; readonly looks: number; readonly steps: number }
  /** Every value that a fault can change, as it was before the first fault. */
  | { readonly kind: 'snapshot'; readonly places: Snapshot }
  /** The audit for residue has looked. It has repaired nothing yet. */
  | {
      readonly kind: 'audited';
      readonly at: AuditMoment;
      readonly by: 'run' | 'guardian' | 'heal';
      readonly ms: number;
      /** Whether the world was compared with the snapshot from before the first fault. */
      readonly compared: boolean;
      readonly found: readonly FoundResidue[];
      readonly may_differ: readonly AllowedDifference[];
    }
  /** The audit for residue has repaired what it found, and has looked once more. */
  | {
      readonly kind: 'repaired';
      readonly at: AuditMoment;
      readonly repaired: readonly RepairedResidue[];
      readonly left: readonly Residue[];
    }
  /** How the run has left the topology. */
  | { readonly kind: 'residue'; readonly residue: readonly Residue[]; readonly healthy: boolean }
  | { readonly kind: 'not-ready'; readonly code: string; readonly message: string; readonly hint: string }
  | { readonly kind: 'interrupted'; readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'killed' }
  /** The run was ended early and in order. `message` says why, with the values. */
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

const SAMPLES: ReadonlySet<EventKind> = new Set([
  'observation',
  'container',
  'load',
  'resources',
  'cache',
  'host',
  'reading',
]);

/** Says whether an event is one of many samples of a thing. Charts show samples, and logs leave them out. */
export const isSample = ({ kind }: RunEvent): boolean => SAMPLES.has(kind);
