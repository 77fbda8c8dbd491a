import type { Check } from '../core/check.ts';
import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/events.ts';
import type { LoadTick } from '../core/load.ts';
import type { Plan, PlannedStop } from '../core/plan.ts';
import type { StopRule } from '../core/stop-rule.ts';

/** What a load tick tells of, milliseconds. */
const TICK_MS = 1_000;

export interface Firing {
  /** Epoch milliseconds of the second that was too many. */
  readonly t: number;
  /** Which condition, for how long, with the last second's values. */
  readonly message: string;
}

interface Watched {
  readonly stop: PlannedStop;
  readonly rule: StopRule;
  /** Since when every second that told anything said yes. */
  since: number | undefined;
}

/**
 * The stop conditions of a plan over the events so far, from the baseline on. What it says of a prefix of the record it
 * says of every longer one: it looks at each event once, and never back.
 */
export class StopConditions {
  readonly #watched: readonly Watched[];
  #begun = false;
  #fired: Firing | undefined;

  constructor({ stop_if: stops = [] }: Pick<Plan, 'stop_if'>, checks: readonly Check[]) {
    this.#watched = stops.flatMap((stop) => {
      const rule = checks.find((check) => check.name === stop.check)?.stopIf;
      return rule === undefined ? [] : [{ stop, rule, since: undefined }];
    });
  }

  /** The first condition that has held for long enough, told once and for all. */
  see(event: RunEvent): Firing | undefined {
    if (event.kind === 'phase.started' && event.phase === 'baseline') this.#begun = true;
    if (this.#begun && event.kind === 'load') this.#look(event);
    return this.#fired;
  }

  #look(second: LoadTick): void {
    for (const watched of this.#watched) {
      const { stop, rule } = watched;
      const seen = rule.look(second, stop.params);
      if (seen === undefined) continue;
      watched.since = seen.holds ? (watched.since ?? second.t - TICK_MS) : undefined;
      // Ticks come about once a second: half of one more or less is no matter.
      if (watched.since === undefined || second.t - watched.since < stop.for - TICK_MS / 2) continue;
      const held = `${rule.describe(stop.params)} for ${formatDuration(second.t - watched.since)}`;
      const message = `the stop condition in line ${stop.line} held: ${held}; in the last second ${seen.observed}`;
      this.#fired ??= { t: second.t, message };
    }
  }
}

/** "errors > 80 % for 20.0 s": for people, before the run. */
export function describeStop({ check: name, params, for: lasts }: PlannedStop, checks: readonly Check[]): string {
  const rule = checks.find((check) => check.name === name)?.stopIf;
  return `${rule?.describe(params) ?? name} for ${formatDuration(lasts)}`;
}
