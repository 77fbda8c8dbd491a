import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Actor, GamedayEvent, GamedayNews } from '../../core/gameday/events.ts';
import { afterEvent, type GamedayState, gamedayState } from '../../core/gameday/state.ts';
import { type Redact, redactDeep } from '../../core/text/redact.ts';
import { EventFile } from '../../disk/event-file.ts';
import { readLines } from '../../disk/lines.ts';

/** The file with the events of a game day, in its folder. It is the truth about the day. */
const GAMEDAY_EVENTS = 'gameday.ndjson';

/** Who says an event, and under which name the order came. */
export interface Told {
  readonly by: Actor | null;
  readonly id?: string | undefined;
}

/** The harness itself. */
export const HARNESS: Told = { by: null };

/** The record of a game day. Each event is on disk before `add` returns, so that a crash forgets nothing. */
export class GamedayRecord implements Disposable {
  readonly dir: string;
  readonly #file: EventFile<GamedayEvent>;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #redact: Redact;
  #state: GamedayState | undefined;

  /** Opens the record in a folder, which exists. `redact` takes secrets out of what people write. */
  constructor(dir: string, clock: Pick<Clock, 'now'>, redact: Redact = (text) => text) {
    this.dir = dir;
    this.#clock = clock;
    this.#redact = redact;
    this.#file = new EventFile(join(dir, GAMEDAY_EVENTS));
    this.#state = gamedayState(this.events);
  }

  get events(): readonly GamedayEvent[] {
    return this.#file.events;
  }

  /** What is known so far. Throws a TypeError before `opened`. */
  get state(): GamedayState {
    if (this.#state === undefined) throw new TypeError('the record of a game day begins with opened');
    return this.#state;
  }

  /** Writes an event. Returns it. Throws CHAOS_DISK_FULL or CHAOS_NOT_WRITABLE: then nothing has happened. */
  add(news: GamedayNews, { by, id }: Told = HARNESS): GamedayEvent {
    const last = this.events.at(-1);
    const told = {
      // Somebody may set the clock back meanwhile. The order of the events is their order in the file.
      t: Math.max(Math.round(this.#clock.now()), last?.t ?? 0),
      seq: (last?.seq ?? 0) + 1,
      by,
      ...(id === undefined ? {} : { id }),
      ...news,
    } as GamedayEvent;
    const event = redactDeep(told, this.#redact);
    this.#file.add(event);
    this.#state = this.#state === undefined ? gamedayState(this.events) : afterEvent(this.#state, event);
    return event;
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Returns the events in a folder, none when there is none. A line that a crash cut short is left out: nobody had an answer to it. */
export const readGamedayEvents = (dir: string): GamedayEvent[] => readLines<GamedayEvent>(join(dir, GAMEDAY_EVENTS));
