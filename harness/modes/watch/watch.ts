import type { Clock } from '../../core/clock.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import { verdictOf } from '../../record/folders.ts';
import { follow } from '../../record/follow.ts';
import { Backlog } from '../serving/backlog.ts';
import { Board, type BoardParts } from './board/board.ts';
import type { ServedPage } from '../serving/answers.ts';
import { WatchServer } from './server.ts';

/** What a watch needs of the world. */
export interface WatchParts extends BoardParts {
  readonly clock: Clock;
  readonly page: ServedPage;
  readonly token: string;
  /** Orders a run to end, as `chaos abort` does. `project`: the topology of the run. */
  endRun(run: string, project: string): void;
}

export interface WatchOptions {
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  readonly names?: readonly string[];
  /** How long a viewer may take nothing, milliseconds. */
  readonly stalledMs?: number;
}

/** The run that is shown. */
class Shown {
  readonly dir: string;
  readonly over = new AbortController();
  /** Both are known from the first event on. */
  run: string | undefined;
  project: string | undefined;
  /** Why the record cannot be read, or not to its end. */
  problem: string | undefined;

  constructor(dir: string) {
    this.dir = dir;
  }
}

/** Shows one record at a time to any number of viewers. It only reads, so nobody who watches holds up a run. */
export class Watch implements AsyncDisposable {
  readonly #parts: WatchParts;
  readonly #server: WatchServer;
  #shown: Shown | undefined;
  #followed: Promise<void> = Promise.resolve();

  constructor(parts: WatchParts, options: WatchOptions) {
    this.#parts = parts;
    this.#server = new WatchServer({
      ...options,
      page: parts.page,
      token: parts.token,
      pulse: () => this.#pulse(),
      abort: () => this.#abort(),
    });
  }

  /** Returns the port. Throws CHAOS_PORT_TAKEN or CHAOS_WRONG_VALUE. */
  listen(): Promise<number> {
    return this.#server.listen();
  }

  get viewers(): number {
    return this.#server.viewers;
  }

  /** The state of the run that is shown, as `chaos list` prints it. */
  get state(): string {
    return this.#shown === undefined ? 'UNKNOWN' : verdictOf(this.#shown.dir);
  }

  /** Shows the record in a folder, from its first event on. */
  async show(dir: string): Promise<void> {
    await this.#stop();
    const shown = new Shown(dir);
    this.#shown = shown;
    this.#followed = this.#follow(shown).catch((error: unknown) => void (shown.problem = describeError(error)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    await this.#server[Symbol.asyncDispose]();
  }

  async #stop(): Promise<void> {
    this.#shown?.over.abort(new Error('another record is shown'));
    await this.#followed;
  }

  async #follow(shown: Shown): Promise<void> {
    const board = new Board(this.#parts);
    let backlog: Backlog | undefined;
    for await (const events of follow(shown.dir, this.#parts.clock, shown.over.signal)) {
      for (const { event, end } of events) {
        if (event.kind === 'run.started') {
          shown.run = event.run;
          shown.project = event.plan.topology.project;
          backlog = new Backlog(event.run);
          this.#server.show(backlog);
        }
        const update = board.see(event);
        if (update !== undefined) backlog?.add(end, update);
      }
      this.#server.added();
    }
  }

  #pulse(): unknown {
    const { run = null, problem = null } = this.#shown ?? {};
    return { now: this.#parts.clock.wall(), run, state: this.state, problem };
  }

  #abort(): Promise<string> {
    const { run, project } = this.#shown ?? {};
    if (run === undefined || project === undefined) {
      throw new ChaosError('CHAOS_NO_RUN', {
        what: 'no run is shown yet',
        hint: 'Wait for the first event of the run.',
        exit: 'bad-input',
      });
    }
    this.#parts.endRun(run, project);
    return Promise.resolve(`${run} was ordered to end`);
  }
}
