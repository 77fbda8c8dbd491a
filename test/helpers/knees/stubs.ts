import type { Objective, StepEvidence } from '../../../harness/core/capacity/step.ts';
import { exponential, type Random } from '../../../harness/core/random.ts';
import { erlangC } from '../../../harness/core/scaling/queueing.ts';

/** A step of a stub. */
interface Offered {
  readonly ratePerS: number;
  /** The time that counts. Before it, the same rate is offered for `warmUpS`. */
  readonly seconds: number;
  readonly warmUpS: number;
  /** When the step begins, seconds from the beginning of the search. */
  readonly atS: number;
  readonly random: Random;
}

/** A system of known capacity, in virtual time. */
export interface Stub {
  readonly objective: Objective;
  offer(step: Offered): Pick<StepEvidence, 'latenciesMs' | 'failures'>;
  /** The highest rate within the objective in the long run, requests a second, at a time in seconds. */
  truth(atS: number): number;
}

const OBJECTIVE: Objective = { p95Ms: 100, errors: 0.01 };
const LIMIT_S = OBJECTIVE.p95Ms / 1_000;

/** A number from 1 / `most` to `most`, evenly in its logarithm. */
const around = (random: Random, most: number): number => most ** (2 * random() - 1);

/** How many requests a second are served when `busy` requests are in the system. */
type Speed = (busy: number, atS: number) => number;

/**
 * Requests arrive at random (Poisson) and leave in their order. The time until the next leaves is exponential, with the speed that
 * the number of requests gives. With a constant speed this is M/M/1.
 */
function queue(speed: Speed, { ratePerS, seconds, warmUpS, atS, random }: Offered): number[] {
  const latencies: number[] = [];
  const waiting: number[] = [];
  let first = 0;
  let now = 0;
  const end = warmUpS + seconds;
  let arrival = exponential(random()) / ratePerS;
  while (arrival < end || first < waiting.length) {
    const busy = waiting.length - first;
    // Both times have no memory, so both may be drawn again after each event.
    const leave = busy === 0 ? Infinity : now + exponential(random()) / speed(busy, atS + now);
    if (arrival < end && arrival <= leave) {
      now = arrival;
      waiting.push(now);
      arrival = now + exponential(random()) / ratePerS;
    } else {
      now = leave;
      const came = waiting[first] as number;
      first += 1;
      if (came >= warmUpS) latencies.push((now - came) * 1_000);
    }
  }
  return latencies;
}

const clean = (latenciesMs: number[]): Pick<StepEvidence, 'latenciesMs' | 'failures'> => ({
  latenciesMs,
  failures: new Uint8Array(latenciesMs.length),
});

/** One server: the time in an M/M/1 queue is exponential, so p95 is ln 20 / (service rate - arrival rate). */
function oneServer(random: Random): Stub {
  const speed = 300 * around(random, 1.5);
  return {
    objective: OBJECTIVE,
    offer: (step) => clean(queue(() => speed, step)),
    truth: () => speed - Math.log(20) / LIMIT_S,
  };
}

/** A pool of `k` connections, each of which serves one request at a time (M/M/k, in the order of arrival). */
function pool(random: Random): Stub {
  const k = 8;
  const perS = 50 * around(random, 1.2);
  return {
    objective: OBJECTIVE,
    offer: (step) => clean(served(k, perS, step)),
    truth: () => rising((rate) => slowShare(k, perS, rate, LIMIT_S), 0.05, 1, k * perS),
  };
}

function served(k: number, perS: number, { ratePerS, seconds, warmUpS, random }: Offered): number[] {
  const free = new Float64Array(k);
  const latencies: number[] = [];
  for (let now = exponential(random()) / ratePerS; now < warmUpS + seconds; now += exponential(random()) / ratePerS) {
    let soonest = 0;
    for (let i = 1; i < k; i += 1) if ((free[i] as number) < (free[soonest] as number)) soonest = i;
    const done = Math.max(now, free[soonest] as number) + exponential(random()) / perS;
    free[soonest] = done;
    if (now >= warmUpS) latencies.push((done - now) * 1_000);
  }
  return latencies;
}

/** The share of requests that take longer than `t` seconds in an M/M/k queue: a wait (with Erlang C) and then a service. */
function slowShare(k: number, perS: number, rate: number, t: number): number {
  const waits = erlangC(k, rate / perS);
  const spare = k * perS - rate;
  if (spare <= 0) return 1;
  const service = Math.exp(-perS * t);
  const both = (spare * service - perS * Math.exp(-spare * t)) / (spare - perS);
  return (1 - waits) * service + waits * both;
}

/** Returns where a rising function reaches a goal, by halving. */
function rising(f: (x: number) => number, goal: number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let i = 0; i < 60; i += 1) {
    const middle = (from + to) / 2;
    if (f(middle) < goal) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/**
 * A server whose requests hinder each other, by the Universal Scalability Law: with n requests its speed is
 * n / (1 + a (n - 1) + b n (n - 1)) times the speed with one. At most `USL.most` are worked on. Such a queue has no closed form:
 * `USL_KNEE` was simulated.
 */
const USL = { perS: 60, a: 0.05, b: 0.003, most: 24 };
/** `npm run knees -- --parts truth` simulates it: requests a second at which p95 is OBJECTIVE.p95Ms, for USL. */
const USL_KNEE = 344.3;

const uslSpeed = (n: number): number => {
  const busy = Math.min(n, USL.most);
  return (USL.perS * busy) / (1 + USL.a * (busy - 1) + USL.b * busy * (busy - 1));
};

/** When everything is `scale` times as fast, and the limit as much shorter, the knee is as much higher. */
function usl(random: Random): Stub {
  const scale = around(random, 1.5);
  return {
    objective: { ...OBJECTIVE, p95Ms: OBJECTIVE.p95Ms / scale },
    offer: (step) => clean(queue((n) => scale * uslSpeed(n), step)),
    truth: () => scale * USL_KNEE,
  };
}

/** A cliff: above some rate a third of the requests fails, and below it none does. */
function cliff(random: Random): Stub {
  const edge = 300 * around(random, 1.5);
  return {
    objective: OBJECTIVE,
    offer: (step) => {
      const latenciesMs = queue(() => 3 * edge, step);
      const share = step.ratePerS > edge ? 1 / 3 : 0;
      return { latenciesMs, failures: Uint8Array.from(latenciesMs, () => (step.random() < share ? 1 : 0)) };
    },
    truth: () => edge,
  };
}

/** A slow leak: one server that becomes slower by 8 % an hour, as when its memory fills up. */
const LEAK_PER_HOUR = 0.08;
function leak(random: Random): Stub {
  const speed = 300 * around(random, 1.5);
  const at = (atS: number): number => speed * Math.exp((-LEAK_PER_HOUR * atS) / 3_600);
  return {
    objective: OBJECTIVE,
    offer: (step) => clean(queue((_n, atS) => at(atS), step)),
    truth: (atS) => at(atS) - Math.log(20) / LIMIT_S,
  };
}

/** The stubs, each made by its seed. */
export const STUBS: Readonly<Record<string, (random: Random) => Stub>> = {
  'one server': oneServer,
  'a pool of 8': pool,
  'a USL shape': usl,
  'a cliff': cliff,
  'a slow leak': leak,
};
