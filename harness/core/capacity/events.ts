import type { CapacityAsked } from './asked.ts';
import type { Span } from '../plan/phases.ts';

/** What a step is for. curve: how much is still answered in time above the knee. */
export type StepPurpose = 'search' | 'hold' | 'curve';

/** How much of something was used on average while a step counted: a share of one core, or of the connections of a server. */
export interface Used {
  /** "cpu" by container, "connections" by server. */
  readonly what: 'cpu' | 'connections';
  /** The service, and for connections the server. */
  readonly of: string;
  readonly share: number;
}

/** One step, without its requests, which lie in `samples`. */
export interface StepRecord {
  readonly condition: string;
  readonly purpose: StepPurpose;
  /** Requests a second, the light load beside the step included. */
  readonly ratePerS: number;
  /** The rate that the step itself offered. */
  readonly offeredPerS: number;
  readonly longer: boolean;
  /** The folder of its requests, from the folder of the measurement. */
  readonly samples: string;
  /** The time that counts, epoch milliseconds. */
  readonly span: Span;
  /** Event-loop utilisation of the generator's thread, 0 to 1. */
  readonly utilisation: number;
  readonly used: readonly Used[];
  /** When the step ended, seconds from the beginning of the search. */
  readonly atS: number;
}

/** Why a condition was not measured. */
export type NotMeasured = 'budget' | 'not restored' | 'not ready' | 'void' | 'not reached';

/** The version of the record of a measurement. Whoever changes its form raises it. */
export const CAPACITY_VERSION = 1;

/**
 * An event of a measurement of capacity: one JSON line in capacity.ndjson, which is the truth about it. `t`: epoch
 * milliseconds.
 */
export type CapacityEvent = { readonly t: number } & (
  | {
      readonly kind: 'capacity.started';
      /** See CAPACITY_VERSION. */
      readonly version: number;
      readonly run: string;
      readonly asked: CapacityAsked;
      /** The SHA-256 of the registration, which lies beside the record since before the first request. */
      readonly registered: string;
      /** A digest of everything that is asked, by which `--resume` knows the file again. */
      readonly digest: string;
    }
  | { readonly kind: 'capacity.resumed' }
  | { readonly kind: 'condition.began'; readonly condition: string }
  | ({ readonly kind: 'step' } & StepRecord)
  /** `run`: the path of the run's folder from the folder of the measurement. */
  | {
      readonly kind: 'condition.ended';
      readonly condition: string;
      readonly run: string;
      readonly verdict: string;
      /** Why its steps say nothing about the condition, as it was seen then. Whoever judges the record asks the run again. */
      readonly void?: string;
    }
  | { readonly kind: 'not.run'; readonly what: string; readonly code: NotMeasured; readonly reason: string }
  | { readonly kind: 'experiment.ended'; readonly experiment: string; readonly run: string; readonly verdict: string }
  | { readonly kind: 'capacity.ended' }
);
