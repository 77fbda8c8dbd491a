import type { Plan } from '../core/plan/plan.ts';
import type { RunDocument, Subscriber } from '../core/record/run.ts';
import type { Beside } from '../run/beside.ts';
import type { Cues } from '../run/cues.ts';
import type { Interrupter } from '../run/interruption.ts';

export interface SessionOptions {
  /** A topology that this session has brought up stays up when the session closes. Default: false. */
  readonly keep?: boolean;
  /**
   * When a topology that is down is brought up: before `openSession` resolves, or in the first run, which then records
   * it. Default: 'at once'.
   */
  readonly bringUp?: 'at once' | 'in the first run';
  /**
   * People lead the session. Between its runs it waits for them, for as long as they like, and says so to others: there is
   * nothing to end then. They may act on the topology by hand while a run is at work. Default: false.
   */
  readonly waits?: boolean;
  /** Nobody is told about its runs: what is hidden from people must not be in their channel either. Default: false. */
  readonly tellsNobody?: boolean;
}

export interface SessionRunOptions {
  /** Each subscriber receives every event of the run as it happens. */
  readonly subscribers?: readonly Subscriber[];
  /** The words of a person who directs the run. Default: it goes by its planned lengths. */
  readonly cues?: Cues;
  /** Work that goes on beside one of the phases, which ends with it. */
  readonly beside?: Beside;
}

/** Holds one topology, so that no other session runs on it. Carries out runs, one after another. */
export interface Session extends AsyncDisposable {
  /**
   * Carries out a plan from a clean state, and records it in a folder of its own below reports/. Resolves with the
   * run's document, whatever the verdict. Rejects with CHAOS_SESSION_BUSY while another run is at work, with
   * CHAOS_SESSION_CLOSED after `close` or `interrupt`, and with CHAOS_OTHER_TOPOLOGY when the plan is about another
   * topology.
   */
  run(plan: Plan, options?: SessionRunOptions): Promise<RunDocument>;
  /** The faults of the run at work that may be in force: "kill-1, latency-2". Undefined when there are none. */
  readonly inForce: string | undefined;
  /** The name of the run at work, or of the last run. Undefined before the first run. */
  readonly lastRun: string | undefined;
  /** True when this session brought the topology up. */
  readonly startedTopology: boolean;
  /** The signal of the first call of `interrupt`. Undefined before this call. */
  readonly interruptedBy: Interrupter | undefined;
  /** Ends the run at work in order, as a signal does. No other run begins. Returns the number of calls so far. */
  interrupt(by: Interrupter): number;
  /** Ends the run at work in order, as `chaos abort` does. `why`: one sentence. The session goes on. */
  abort(why: string): void;
  /** Starts every undo of the run at work at once, unchecked. Resolves when each undo has ended, which may be never. */
  hurry(): Promise<void>;
  /**
   * Ends the run at work (ABORTED, everything put back), then releases the topology. A second call waits for the first.
   */
  close(): Promise<void>;
}
