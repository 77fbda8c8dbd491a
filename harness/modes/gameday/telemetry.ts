import type { RunEvent } from '../../core/record/events.ts';
import { Backlog } from '../serving/backlog.ts';
import { Board, type BoardParts } from '../watch/board/board.ts';
import type { Update } from '../watch/message.ts';
import { hiddenEvent, hiddenUpdate } from './hidden.ts';

/** What a run looks like: in full, and for people who do not know what is injected. */
export interface Look {
  readonly full: Backlog;
  /** The same as `full` when nothing is hidden. */
  readonly others: Backlog;
}

/** The figures of the runs of a game day, one run after another, as messages of the live page. */
export class Telemetry {
  readonly #parts: BoardParts;
  readonly #show: (look: Look) => void;
  readonly #added: () => void;
  #runs = 0;
  #inject: string | null = null;
  #at: Showing | undefined;

  /** `show` is called when another run is shown, or the same run in full; `added` when there is more of it. */
  constructor(parts: BoardParts, { show, added }: { show: (look: Look) => void; added: () => void }) {
    this.#parts = parts;
    this.#show = show;
    this.#added = added;
  }

  /** The inject of the run that is shown. Null: it is a check of the sound system, or there is no run yet. */
  get inject(): string | null {
    return this.#inject;
  }

  /** Takes an event of the run at work. `hidden`: whether others may not know what it injects. */
  see(event: RunEvent, inject: string | null, hidden: boolean): void {
    if (event.kind === 'run.started') {
      this.#runs += 1;
      this.#inject = inject;
      this.#at = new Showing(this.#parts, event.run, `run-${this.#runs}`, hidden);
      this.#show(this.#at.look);
    }
    this.#at?.see(event);
    this.#added();
  }

  /** What is injected is known to everybody now: they get the run at work in full, from its beginning. */
  reveal(): void {
    if (this.#at === undefined || !this.#at.reveal()) return;
    this.#show(this.#at.look);
  }
}

/** One run. */
class Showing {
  readonly #full: Board;
  readonly #hidden: Board;
  readonly #name: string;
  readonly #updates: Update[] = [];
  readonly #inFull: Backlog;
  #others: Backlog;
  #isHidden: boolean;
  #felt = 0;

  constructor(parts: BoardParts, run: string, name: string, hidden: boolean) {
    this.#full = new Board(parts);
    this.#hidden = new Board({ ...parts, describe: () => undefined });
    this.#name = name;
    this.#isHidden = hidden;
    this.#inFull = new Backlog(run);
    this.#others = new Backlog(name);
  }

  get look(): Look {
    return { full: this.#inFull, others: this.#others };
  }

  see(event: RunEvent): void {
    const update = this.#full.see(event);
    if (update !== undefined) {
      this.#updates.push(update);
      this.#inFull.add(this.#updates.length, update);
      if (!this.#isHidden) this.#others.add(this.#updates.length, update);
    }
    if (!this.#isHidden) return;
    const shown = hiddenEvent(event, this.#name);
    const felt = shown === undefined ? undefined : this.#hidden.see(shown);
    const told = felt === undefined ? undefined : hiddenUpdate(felt);
    // Messages are counted as others get them: a gap would tell that something happened.
    if (told !== undefined) this.#others.add((this.#felt += 1), told);
  }

  /** Returns false when nothing was hidden. */
  reveal(): boolean {
    if (!this.#isHidden) return false;
    this.#isHidden = false;
    // Another name, so that every viewer gets all of it.
    this.#others = new Backlog(`${this.#name}-revealed`);
    this.#updates.forEach((update, i) => this.#others.add(i + 1, update));
    return true;
  }
}
