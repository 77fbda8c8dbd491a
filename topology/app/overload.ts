/** More come than can be served when somebody waits all the time for so long, although one after another is served. */
const LASTS_MS = 1500;
/** When nobody was served for so long, something stands still: a lost standby, a host that is held up. */
const STANDS_STILL_MS = 250;
/** It is over when nobody was refused for so long. */
const OVER_MS = 5000;
/** How long one may wait while more come than can be served. An answer after 200 ms helps few. */
const PATIENCE_MS = 100;

/**
 * Tells a queue to which more come than can be served from a queue behind something that stands still. In the first,
 * those who wait long are better refused: they take from others what serves them, and get their answers too late. In the
 * second, all are served when it goes on.
 */
export class Overload {
  #served = -Infinity;
  #waitingSince: number | undefined;
  #refused = -Infinity;

  /**
   * To be called whenever somebody was served, with the number of those who wait still. Returns for how many
   * milliseconds they may wait.
   */
  patience(now: number, waiting: number): number {
    if (now - this.#served > STANDS_STILL_MS) this.reset();
    this.#served = now;
    if (waiting > 0) this.#waitingSince ??= now;
    else if (now - this.#refused > OVER_MS) this.#waitingSince = undefined;
    return now - (this.#waitingSince ?? now) >= LASTS_MS ? PATIENCE_MS : Infinity;
  }

  /** To be called when somebody was refused who waited for longer. */
  refused(now: number): void {
    this.#refused = now;
  }

  /** Forgets what was. */
  reset(): void {
    this.#waitingSince = undefined;
    this.#refused = -Infinity;
  }
}
