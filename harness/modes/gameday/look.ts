import { describeError } from '../../core/errors.ts';
import type { GamedayNews } from '../../core/gameday/events.ts';
import type { GamedayState } from '../../core/gameday/state.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { alertNews } from './inject-run.ts';
import type { DayParts } from './parts.ts';
import { preflightOf } from './preflight.ts';

/** Where the events of the day go. */
interface DayLog {
  readonly state: GamedayState;
  add(news: GamedayNews): number;
}

/** One look at the prerequisites: a run without faults on the sound system, and who is there. */
export class Look {
  readonly #log: DayLog;
  readonly #parts: DayParts;
  #begun = false;
  /** True when the run shall end, and perhaps has no name yet. */
  #aborted = false;

  constructor(log: DayLog, parts: DayParts) {
    this.#log = log;
    this.#parts = parts;
  }

  /** Resolves when what was found is recorded. Rejects when it could not be written. */
  async carryOut(): Promise<void> {
    const onEvent = (event: RunEvent): void => this.#see(event);
    const looked = await this.#parts.look({ onEvent, close: () => undefined }).catch(describeError);
    const { day, present } = this.#log.state;
    this.#log.add(preflightOf({ day, present, open: (role) => this.#parts.open(role), looked }));
  }

  /** The run ends at once. It has broken nothing. */
  abort(): void {
    this.#aborted = true;
    if (this.#begun) this.#parts.abort();
  }

  #see(event: RunEvent): void {
    if (event.kind === 'run.started') {
      this.#begun = true;
      if (this.#aborted) this.abort();
    }
    if (event.kind === 'alert.state')
      this.#log.add(alertNews(null, event, event.state === 'inactive' ? 'resolved' : event.state));
  }
}
