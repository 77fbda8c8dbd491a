import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/record/events.ts';
import type { Plan, PlannedStop } from '../core/plan/plan.ts';
import { isSilence } from '../core/kinds/silence.ts';
import type { StopReading, StopRule, Stopping } from '../core/kinds/stop-rule.ts';

export interface Firing {
  /** Time of the event at which the condition fired, epoch milliseconds. */
  readonly t: number;
  /** Names the condition, how long it held, and the last values. */
  readonly message: string;
}

interface Watched {
  readonly stop: PlannedStop;
  readonly rule: StopRule;
  readonly read: (event: RunEvent) => readonly StopReading[];
  /** For each thing that the condition is about: the time in which it has held in every reading. */
  readonly held: Map<string, Held>;
}

/** Epoch milliseconds. */
interface Held {
  readonly from: number;
  /** The last reading. */
  readonly until: number;
}

/**
 * Reads the stop conditions of a plan from its events, from the baseline on. It reads each event once and never goes
 * back. So a condition that fires in the first part of a record also fires in every longer record.
 */
export class StopConditions {
  readonly #watched: readonly Watched[];
  #begun = false;
  #fired: Firing | undefined;

  constructor({ stop_if: stops = [], topology }: Pick<Plan, 'stop_if' | 'topology'>, known: readonly Stopping[]) {
    this.#watched = stops.flatMap((stop) => {
      const rule = ruleOf(stop, known);
      return rule === undefined
        ? []
        : [{ stop, rule, read: rule.watch(stop.params, topology), held: new Map<string, Held>() }];
    });
  }

  /** Returns the first condition that has held for long enough. Later calls return it again. */
  see(event: RunEvent): Firing | undefined {
    if (event.kind === 'phase.started' && event.phase === 'baseline') this.#begun = true;
    for (const watched of this.#watched) {
      // A rule may need the events before the baseline to understand later events.
      const readings = watched.read(event);
      if (this.#begun) readings.forEach((reading) => this.#weigh(event.t, reading, watched));
    }
    return this.#fired;
  }

  /** A condition without readings does not hold: after a silence it begins anew. */
  #weigh(t: number, { of = '', holds, observed }: StopReading, { stop, rule, held }: Watched): void {
    if (!holds) {
      held.delete(of);
      return;
    }
    const span = rule.spanMs(stop.params);
    const every = rule.everyMs?.(stop.params) ?? span;
    const before = held.get(of);
    const from = before === undefined || isSilence(t - before.until, every) ? t - span : before.from;
    held.set(of, { from, until: t });
    // Readings come about once a span, and not exactly on time. So the condition may fall short of its time by half a
    // span.
    if (t - from < stop.for - span / 2) return;
    const how = `${rule.describe(stop.params)}${lasting(stop.for === 0 ? 0 : t - from)}`;
    this.#fired ??= { t, message: `the stop condition in line ${stop.line} held: ${how}; ${observed}` };
  }
}

const ruleOf = ({ check: name }: PlannedStop, known: readonly Stopping[]): StopRule | undefined =>
  known.find((one) => one.name === name)?.stopIf;

const lasting = (ms: number): string => (ms === 0 ? '' : ` for ${formatDuration(ms)}`);

/** Returns a stop condition in words, for people before the run: "errors > 80 % for 20.0 s". */
export const describeStop = (stop: PlannedStop, known: readonly Stopping[]): string =>
  `${ruleOf(stop, known)?.describe(stop.params) ?? stop.check}${lasting(stop.for)}`;
