import { exponential, type Random } from '../../../harness/core/random.ts';

/** A system of known capacity. Its time is whatever the caller counts, in seconds. */
export interface System {
  readonly name: string;
  /** Returns when the answer to a request that arrives now is due, and whether it is good. Requests come in the order of time. */
  arrive(now: number): { readonly due: number; readonly ok: boolean };
  /** Takes one of its servers away, or gives it back. */
  without(gone: boolean): void;
}

/** Requests a second of one server. */
const PER_S = { 'one server': 170, 'a pool of 4': 50 };
/** Above this rate, counted over a second, a third of the requests fails. */
const EDGE_PER_S = 150;

/** Each server works on one request at a time, in the order of arrival, for a time that is exponential. */
function queue(name: keyof typeof PER_S, servers: number, random: Random): System {
  const free = Array.from({ length: servers }, () => 0);
  let [there, speed] = [servers, 1];
  return {
    name,
    arrive(now) {
      let soonest = 0;
      for (let i = 1; i < there; i += 1) if ((free[i] ?? 0) < (free[soonest] ?? 0)) soonest = i;
      const due = Math.max(now, free[soonest] ?? 0) + exponential(random()) / (speed * PER_S[name]);
      free[soonest] = due;
      return { due, ok: true };
    },
    without(gone) {
      // The only server cannot go: it becomes slower.
      if (servers === 1) speed = gone ? 0.7 : 1;
      else there = gone ? servers - 1 : servers;
    },
  };
}

/** A cliff: above its edge a third of the requests fails, and each answer takes a few milliseconds. */
function cliff(random: Random): System {
  const times: number[] = [];
  let edge = EDGE_PER_S;
  return {
    name: 'a cliff',
    arrive(now) {
      while (times.length > 0 && (times[0] ?? 0) <= now - 1) times.shift();
      times.push(now);
      return { due: now + 0.005, ok: times.length <= edge || random() > 1 / 3 };
    },
    without(gone) {
      edge = gone ? (EDGE_PER_S * 2) / 3 : EDGE_PER_S;
    },
  };
}

export const SYSTEMS: Readonly<Record<string, (random: Random) => System>> = {
  'one server': (random) => queue('one server', 1, random),
  'a pool of 4': (random) => queue('a pool of 4', 4, random),
  'a cliff': (random) => cliff(random),
};

/** A step's requests, and the light load beside them: both evenly spaced, requests a second. */
const LIGHT_PER_S = 5;
const SECONDS = 20_000;

/** Returns whether a rate is within the objective in the long run: simulated for 20,000 seconds of virtual time. */
function isWithin(system: System, ratePerS: number, { p95Ms, errors }: { p95Ms: number; errors: number }): boolean {
  const step = ratePerS - LIGHT_PER_S;
  let [all, slow, failed, i, j] = [0, 0, 0, 0, 0.31];
  while (i / step < SECONDS) {
    const isStep = i / step <= j / LIGHT_PER_S;
    const now = isStep ? i++ / step : j++ / LIGHT_PER_S;
    const { due, ok } = system.arrive(now);
    if (!isStep) continue;
    all += 1;
    if (due - now > p95Ms / 1_000) slow += 1;
    if (!ok) failed += 1;
  }
  return slow / all <= 0.05 && failed / all <= errors;
}

/** Returns the highest rate within the objective, requests a second, by halving. */
export function truthOf(
  name: string,
  gone: boolean,
  objective: { readonly p95Ms: number; readonly errors: number },
  random: Random,
): number {
  let [from, to] = [20, 400];
  while (to - from > 0.2) {
    const middle = (from + to) / 2;
    const system = SYSTEMS[name]?.(random);
    if (system === undefined) throw new Error(`no stub is called "${name}"`);
    system.without(gone);
    if (isWithin(system, middle, objective)) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
