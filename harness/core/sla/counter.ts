/** One scraped value of a counter. Times are epoch milliseconds. */
export interface CounterSample {
  readonly t: number;
  readonly value: number;
}

/** A series of a counter, with its samples as they were scraped, oldest first. */
export interface CounterSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly CounterSample[];
}

/** One scrape of a target. */
export interface Scrape {
  readonly t: number;
  /** When the target's process started, epoch milliseconds. Undefined when the target does not say it. */
  readonly life: number | undefined;
}

/** So much was counted after one scrape and until another, (from, to]. */
export interface Increment {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A counter began again at 0 between two scrapes. What it had counted after the first of them is unknown. */
export interface Reset {
  readonly from: number;
  readonly to: number;
}

export interface Counting {
  readonly increments: readonly Increment[];
  readonly resets: readonly Reset[];
  /**
   * True when nobody can say what the counter had at the beginning: it was first seen long after that, and was older. Its
   * first value is not in the increments then.
   */
  readonly late: boolean;
}

/** Start times closer than this are one start: some exporters compute them anew at each scrape. Milliseconds. */
const SAME_LIFE_MS = 500;

interface Scraped {
  /** The scrapes of the counter's target, oldest first. */
  readonly scrapes?: readonly Scrape[];
  /** The time from which on samples and scrapes were asked for, epoch milliseconds. */
  readonly since?: number;
}

/**
 * Counts from the raw samples of one counter, exactly and without extrapolation. The scrapes of its target tell what the
 * values of a counter cannot tell. A counter that appears at a scrape began at 0 after the scrape before, and its first
 * value counts in full: `increase()` leaves it out. A counter that is as high as before may belong to a new process: then
 * it counts in full too.
 */
export function countingOf(samples: readonly CounterSample[], scraped: Scraped = {}): Counting {
  const { scrapes = [], since = Infinity } = scraped;
  const increments: Increment[] = [];
  const resets: Reset[] = [];
  let late = false;
  let at = 0;
  let earlier: CounterSample | undefined;
  let life: number | undefined;
  for (const sample of samples) {
    while (at < scrapes.length && (scrapes[at]?.t ?? Infinity) < sample.t) at += 1;
    const before = scrapes[at - 1];
    const here = scrapes[at];
    const mine = here?.t === sample.t ? here.life : undefined;
    if (earlier === undefined) {
      const from = before?.t ?? bornAfter(mine, since);
      if (from === undefined) late = isLate(samples, since);
      else increments.push({ from, to: sample.t, count: sample.value });
    } else if (sample.value < earlier.value || isAnother(life, mine)) {
      resets.push({ from: earlier.t, to: beganAgain(scrapes, at, earlier.t, life) ?? sample.t });
      const from = before === undefined ? earlier.t : Math.max(before.t, earlier.t);
      increments.push({ from, to: sample.t, count: sample.value });
    } else {
      increments.push({ from: earlier.t, to: sample.t, count: sample.value - earlier.value });
    }
    earlier = sample;
    life = mine;
  }
  return { increments, resets, late };
}

/**
 * Returns the first scrape of the process in which the counter began again. A counter of a rare event appears later than
 * its process. `at`: the position of the scrape that has the counter. Undefined when processes cannot be told apart.
 */
function beganAgain(
  scrapes: readonly Scrape[],
  at: number,
  after: number,
  life: number | undefined,
): number | undefined {
  let first: number | undefined;
  for (let i = at; i >= 0; i -= 1) {
    const scrape = scrapes[i];
    if (scrape === undefined || scrape.t <= after || !isAnother(life, scrape.life)) break;
    first = scrape.t;
  }
  return first;
}

const isAnother = (one: number | undefined, other: number | undefined): boolean =>
  one !== undefined && other !== undefined && Math.abs(one - other) > SAME_LIFE_MS;

/** The first scrape of a target comes within one interval. Twice as long, for scrapes that failed. */
function isLate([first, second]: readonly CounterSample[], since: number): boolean {
  if (first === undefined) return false;
  const every = second === undefined ? USUAL_MS : second.t - first.t;
  return first.t > since + 2 * every;
}

/** The interval of scrapes when nothing tells it: the default of Prometheus, milliseconds. */
const USUAL_MS = 60_000;

/** A process that started after the time that was asked about began to count at 0 in this time. */
const bornAfter = (life: number | undefined, since: number): number | undefined =>
  life !== undefined && life > since ? life : undefined;
