import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/events.ts';
import type { Observer } from '../core/observation.ts';
import type { Plan, PlannedStop } from '../core/plan.ts';
import type { Look, StopRule, Stopping } from '../core/stop-rule.ts';

export interface Firing {
  /** Epoch milliseconds of the event that was too many. */
  readonly t: number;
  /** Which condition, for how long, with the last values. */
  readonly message: string;
}

interface Watched {
  readonly stop: PlannedStop;
  readonly rule: StopRule;
  readonly look: (event: RunEvent) => readonly Look[];
  /** Since when every look said yes, of each thing that it is about. */
  readonly since: Map<string, number>;
}

/**
 * The stop conditions of a plan over the events so far, from the baseline on. What it says of a prefix of the record it
 * says of every longer one: it looks at each event once, and never back.
 */
export class StopConditions {
  readonly #watched: readonly Watched[];
  /** Who must be asked for them, and which services' containers be looked at. */
  readonly observers: readonly Observer[];
  readonly services: readonly string[];
  #begun = false;
  #fired: Firing | undefined;

  constructor({ stop_if: stops = [], topology }: Pick<Plan, 'stop_if' | 'topology'>, known: readonly Stopping[]) {
    this.#watched = stops.flatMap((stop) => {
      const rule = ruleOf(stop, known);
      return rule === undefined
        ? []
        : [{ stop, rule, look: rule.watch(stop.params, topology), since: new Map<string, number>() }];
    });
    const needs = this.#watched.map(({ stop, rule }) => rule.needs?.(stop.params, topology) ?? {});
    this.observers = needs.flatMap(({ observers = [] }) => observers);
    this.services = needs.flatMap(({ watched = [] }) => watched);
  }

  /** The first condition that has held for long enough, told once and for all. */
  see(event: RunEvent): Firing | undefined {
    if (event.kind === 'phase.started' && event.phase === 'baseline') this.#begun = true;
    for (const watched of this.#watched) {
      // What came before the baseline may be needed to understand what comes after.
      const looks = watched.look(event);
      if (this.#begun) looks.forEach((look) => this.#weigh(event.t, look, watched));
    }
    return this.#fired;
  }

  #weigh(t: number, { of = '', holds, observed }: Look, { stop, rule, since }: Watched): void {
    if (!holds) {
      since.delete(of);
      return;
    }
    const from = since.get(of) ?? t - rule.spanMs;
    since.set(of, from);
    // Samples come about once in their span: half of one more or less is no matter.
    if (t - from < stop.for - rule.spanMs / 2) return;
    const held = `${rule.describe(stop.params)}${lasting(stop.for === 0 ? 0 : t - from)}`;
    this.#fired ??= { t, message: `the stop condition in line ${stop.line} held: ${held}; ${observed}` };
  }
}

const ruleOf = ({ check: name }: PlannedStop, known: readonly Stopping[]): StopRule | undefined =>
  known.find((one) => one.name === name)?.stopIf;

const lasting = (ms: number): string => (ms === 0 ? '' : ` for ${formatDuration(ms)}`);

/** "errors > 80 % for 20.0 s": for people, before the run. */
export const describeStop = (stop: PlannedStop, known: readonly Stopping[]): string =>
  `${ruleOf(stop, known)?.describe(stop.params) ?? stop.check}${lasting(stop.for)}`;
