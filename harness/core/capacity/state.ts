import type { CapacityEvent, StepRecord } from './events.ts';

type Started = Extract<CapacityEvent, { kind: 'capacity.started' }>;
type NotRun = Omit<Extract<CapacityEvent, { kind: 'not.run' }>, 'kind' | 't'>;

/** A run of a measurement that has ended. `run`: the path of its folder from the folder of the measurement. */
export interface EndedRun {
  readonly run: string;
  readonly verdict: string;
  /** Why its steps say nothing. Absent: they say something, or it was an experiment. */
  readonly void?: string;
}

/** What the record of a measurement says so far. */
export interface CapacityState {
  readonly started: Started;
  /** The steps of each condition, in their order. A condition that was begun again has only those of the last time. */
  readonly steps: ReadonlyMap<string, readonly StepRecord[]>;
  readonly conditions: ReadonlyMap<string, EndedRun>;
  readonly experiments: ReadonlyMap<string, EndedRun>;
  readonly notRun: readonly NotRun[];
  /** Whether everything was done that could be done. */
  readonly ended: boolean;
  /** Milliseconds in which the measurement was at work, up to its last event. */
  readonly workedMs: number;
  /** The last event, epoch milliseconds. */
  readonly last: number;
}

/** Returns the state after these events. Undefined when the first is no `capacity.started`. */
export function capacityState(events: readonly CapacityEvent[]): CapacityState | undefined {
  const [started] = events;
  if (started?.kind !== 'capacity.started') return undefined;
  const steps = new Map<string, StepRecord[]>();
  const conditions = new Map<string, EndedRun>();
  const experiments = new Map<string, EndedRun>();
  let notRun: NotRun[] = [];
  let [ended, workedMs, last] = [false, 0, started.t];
  for (const event of events) {
    // Between the end of one process and the beginning of the next nobody was at work.
    if (event.kind !== 'capacity.resumed') workedMs += Math.max(0, event.t - last);
    last = event.t;
    switch (event.kind) {
      case 'capacity.started':
        break;
      case 'capacity.resumed':
        // What was not run may be run now.
        notRun = [];
        ended = false;
        break;
      case 'condition.began':
        steps.set(event.condition, []);
        conditions.delete(event.condition);
        break;
      case 'step': {
        const { t: _t, kind: _kind, ...step } = event;
        steps.get(event.condition)?.push(step);
        break;
      }
      case 'condition.ended':
        conditions.set(event.condition, event);
        break;
      case 'experiment.ended':
        experiments.set(event.experiment, event);
        break;
      case 'not.run':
        notRun.push({ what: event.what, code: event.code, reason: event.reason });
        break;
      case 'capacity.ended':
        ended = true;
        break;
    }
  }
  return { started, steps, conditions, experiments, notRun, ended, workedMs, last };
}
