import type { Cell } from './cell.ts';
import { type Job, rankOf } from './jobs.ts';

/** The rule of `choose`, for people. */
export const RULE =
  'never proven before stale before unclear; among these, first the component and then the failure about which least is proven or already planned; an experiment that no longer fits is passed over';

/**
 * Returns the jobs that fit into `minutes`, the most valuable first: see `RULE`. The same cells and jobs give the same
 * choice.
 */
export function choose(jobs: readonly Job[], cells: readonly Cell[], minutes: number): readonly Job[] {
  const components = new Counter(cells.filter(isProven).map(({ component }) => component));
  const failures = new Counter(cells.filter(isProven).map(({ failure }) => failure));
  const least = (counter: Counter, names: readonly string[]): number =>
    Math.min(...names.map((name) => counter.of(name)));
  const chosen: Job[] = [];
  let waiting = [...jobs];
  let left = minutes;
  for (;;) {
    const fits = left;
    waiting = waiting.filter((job) => job.minutes <= fits);
    const valued = waiting.map((job) => ({
      job,
      value: [
        rankOf(job),
        least(
          components,
          job.cells.map(({ component }) => component),
        ),
        least(
          failures,
          job.cells.map(({ failure }) => failure),
        ),
      ],
    }));
    const best = valued.reduce<(typeof valued)[number] | undefined>(
      (a, b) => (a === undefined || isBefore(b.value, a.value) ? b : a),
      undefined,
    );
    if (best === undefined) return chosen;
    chosen.push(best.job);
    left -= best.job.minutes;
    waiting = waiting.filter((job) => job !== best.job);
    for (const { component, failure } of best.job.cells) {
      components.add(component);
      failures.add(failure);
    }
  }
}

const isProven = ({ state }: Cell): boolean => state === 'proven';

/** Compares number by number. Of two that are alike, the earlier stays first. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, i) => value !== b[i]);
  return i >= 0 && (a[i] ?? 0) < (b[i] ?? 0);
}

class Counter {
  readonly #counts = new Map<string, number>();

  constructor(names: readonly string[]) {
    names.forEach((name) => this.add(name));
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }
}
