import { join } from 'node:path';
import { CAPACITY_VERSION, type CapacityEvent } from '../../core/capacity/events.ts';
import { type CapacityState, capacityState } from '../../core/capacity/state.ts';
import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import { type Redact, redactDeep } from '../../core/text/redact.ts';
import { EventFile } from '../../disk/event-file.ts';
import { readLines } from '../../disk/lines.ts';

/** The file with the events of a measurement, in its folder. It is the truth about the measurement, with the requests of the steps. */
export const CAPACITY_EVENTS = 'capacity.ndjson';

/** An event without its time. */
type Untimed = CapacityEvent extends infer E ? (E extends CapacityEvent ? Omit<E, 't'> : never) : never;

/** The record of a measurement. Each event is on disk before `add` returns, so that a crash forgets nothing. */
export class CapacityRecord implements Disposable {
  readonly dir: string;
  readonly #file: EventFile<CapacityEvent>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #redact: Redact;

  /** Opens the record in a folder, which exists. `redact` masks what is secret in its texts. */
  constructor(dir: string, clock: Pick<Clock, 'now'>, redact: Redact) {
    this.#redact = redact;
    this.dir = dir;
    this.#clock = clock;
    this.#file = new EventFile(join(dir, CAPACITY_EVENTS));
  }

  add(event: Untimed): void {
    this.#file.add(redactDeep({ t: this.#clock.now(), ...event }, this.#redact));
  }

  /** What is known so far. Throws CHAOS_NO_RUN before `capacity.started`. */
  get state(): CapacityState {
    return stateOf(this.#file.events, this.dir);
  }

  /** Milliseconds in which the measurement was at work, up to now. */
  get workedMs(): number {
    const { workedMs, last } = this.state;
    return workedMs + Math.max(0, this.#clock.now() - last);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Returns what the record in a folder says. Throws CHAOS_NO_RUN when there is none. */
export const readCapacityState = (dir: string): CapacityState =>
  stateOf(readLines<CapacityEvent>(join(dir, CAPACITY_EVENTS)), dir);

function stateOf(events: readonly CapacityEvent[], dir: string): CapacityState {
  const state = capacityState(events);
  if (state !== undefined && state.started.version <= CAPACITY_VERSION) return state;
  if (state !== undefined)
    throw new ChaosError('CHAOS_RECORD_VERSION', {
      what: `the record of ${state.started.run} has version ${state.started.version}, and this harness reads versions up to ${CAPACITY_VERSION}`,
      hint: 'Judge it with the harness that made it. Its capacity.json keeps the verdict of then.',
      exit: 'bad-input',
    });
  throw new ChaosError('CHAOS_NO_RUN', {
    what: `${dir} holds no measurement of a capacity: ${CAPACITY_EVENTS} does not begin with "capacity.started"`,
    hint: '`chaos list` prints what there is.',
    exit: 'bad-input',
  });
}
