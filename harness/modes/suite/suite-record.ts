import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { SuiteEvent } from '../../core/suite/events.ts';
import { type SuiteState, suiteState } from '../../core/suite/state.ts';
import { EventFile } from '../../disk/event-file.ts';
import { readLines } from '../../disk/lines.ts';

/** The file with the events of a suite, in the suite's folder. It is the truth about the suite. */
export const SUITE_EVENTS = 'suite.ndjson';

/** An event without its time. */
type Untimed = SuiteEvent extends infer E ? (E extends SuiteEvent ? Omit<E, 't'> : never) : never;

/** The record of a suite. Each event is on disk before `add` returns, so that a crash forgets nothing. */
export class SuiteRecord implements Disposable {
  readonly dir: string;
  readonly #file: EventFile<SuiteEvent>;
  readonly #clock: Pick<Clock, 'now'>;

  /** Opens the record in a folder, which exists. */
  constructor(dir: string, clock: Pick<Clock, 'now'>) {
    this.dir = dir;
    this.#clock = clock;
    this.#file = new EventFile(join(dir, SUITE_EVENTS));
  }

  add(event: Untimed): void {
    this.#file.add({ t: this.#clock.now(), ...event });
  }

  /** What is known so far. Throws a TypeError before `suite.started`. */
  get state(): SuiteState {
    const state = suiteState(this.#file.events);
    if (state === undefined) throw new TypeError('the record of a suite begins with suite.started');
    return state;
  }

  /** Milliseconds in which the suite was at work, up to now. */
  get workedMs(): number {
    const { workedMs, last } = this.state;
    return workedMs + Math.max(0, this.#clock.now() - last);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Returns the events of the suite in a folder, none when there is none. A line that a crash cut short is left out. */
export const readSuiteEvents = (dir: string): SuiteEvent[] => readLines<SuiteEvent>(join(dir, SUITE_EVENTS));
