import { rateAt, type RateStage } from '../../core/load/arrivals.ts';
import type { AutoScalingConfig, ScalingDecision } from '../../core/record/scaling.ts';
import { decideScaling } from '../../core/scaling/decide.ts';
import type { Level } from '../../core/scaling/elasticity.ts';
import { flapsOf } from '../../core/scaling/flaps.ts';
import { wait95 } from '../../core/scaling/queueing.ts';
import { mean } from '../../core/stats.ts';

/** The scaler decides so often, seconds: as the controller does. */
export const EVERY_S = 5;

/** What is known of a service, from a calibration or from a run. */
export interface Model {
  /** Seconds of a replica's processor for one request. */
  readonly serviceS: number;
  /** Requests that a replica serves at the same time without slowing down: its cores. */
  readonly servers: number;
  /**
   * Seconds from a decision until a new replica serves. A list, the fastest first: of several that start together, each
   * takes another time, as the replicas took of which the list is.
   */
  readonly startUpS: number | readonly number[];
  /** Seconds from a decision until a replica that is taken away serves no more. */
  readonly drainS: number;
  /** A request that would wait longer than this is refused. Seconds. */
  readonly longestWaitS: number;
  /** Percent of its memory that a replica uses. */
  readonly memoryPercent: number;
  /** The objective: 95 % of the requests are answered within so many seconds, and at most so large a share is refused. */
  readonly slo: { readonly p95S: number; readonly refused: number };
}

/** From where a scaler begins, and when it looks. What is undefined is as in the comments. */
export interface Looks {
  /** The replicas at the beginning: `minInstances`. */
  readonly replicas?: number;
  /** The second of the first decision: 4. The others follow every five seconds. */
  readonly firstS?: number;
  /** The CPU figure is the mean of so many seconds: 1. */
  readonly cpuMeanS?: number;
  /** The last of these seconds was so long before the decision, seconds: 0. */
  readonly cpuAgeS?: number;
}

/** What a policy did in the simulated time. */
export interface Outcome {
  /** Seconds in which the objective was missed. */
  readonly sloBrokenS: number;
  /** The first of them, seconds from the beginning; undefined when there was none. */
  readonly firstBrokenS: number | undefined;
  readonly mostReplicas: number;
  readonly replicaHours: number;
  readonly changes: number;
  readonly flaps: number;
  /** The share of all requests that were refused, 0 to 1. */
  readonly refused: number;
  /** One entry a minute. */
  readonly minutes: readonly Minute[];
  /** How many replicas served, milliseconds from the beginning. */
  readonly levels: readonly Level[];
}

interface Minute {
  /** Seconds from the beginning. */
  readonly t: number;
  readonly rate: number;
  readonly replicas: number;
  readonly serving: number;
  /** The worst second of the minute, seconds. */
  readonly p95S: number;
}

/** One second of the service. */
interface Second {
  readonly p95S: number;
  readonly refused: number;
  readonly busyPercent: number;
  readonly backlog: number;
}

/**
 * Lets a policy scale a service through a load in virtual time, second by second, with the decision function that runs.
 * Within a second the service is a queue in its steady state (M/M/c). What cannot be served waits for the next second, up to
 * the longest wait; the rest is refused.
 */
export function simulate(
  model: Model,
  stages: readonly RateStage[],
  config: AutoScalingConfig,
  { replicas = config.minInstances, firstS = EVERY_S - 1, cpuMeanS = 1, cpuAgeS = 0 }: Looks = {},
): Outcome {
  const group = new Group(model, replicas);
  const scaler = new Scaler(config);
  const seconds = Math.floor(stages.reduce((sum, { ms }) => sum + ms, 0) / 1_000);
  const minutes: Minute[] = [];
  const broken: number[] = [];
  const busy: number[] = [];
  let [backlog, asked, refused, replicaSeconds, most, worst] = [0, 0, 0, 0, 0, 0];
  for (let t = 0; t < seconds; t += 1) {
    const rate = rateAt({ process: 'constant', stages }, t * 1_000);
    const now = second(model, group.serving(t), rate, backlog);
    backlog = now.backlog;
    busy.push(now.busyPercent);
    if (now.p95S > model.slo.p95S || now.refused > rate * model.slo.refused) broken.push(t);
    asked += rate;
    refused += now.refused;
    replicaSeconds += group.replicas;
    most = Math.max(most, group.replicas);
    worst = Math.max(worst, now.p95S);
    if (t % 60 === 59 || t === seconds - 1) {
      minutes.push({ t, rate, replicas: group.replicas, serving: group.serving(t), p95S: worst });
      worst = 0;
    }
    if (t < firstS || (t - firstS) % EVERY_S !== 0) continue;
    const end = Math.max(1, busy.length - cpuAgeS);
    const seen = { ...now, busyPercent: mean(busy.slice(Math.max(0, end - cpuMeanS), end)) };
    group.scaleTo(scaler.decide(t, group.replicas, rate, seen, model), t);
  }
  return {
    sloBrokenS: broken.length,
    firstBrokenS: broken[0],
    mostReplicas: most,
    replicaHours: replicaSeconds / 3_600,
    changes: scaler.changes.length,
    flaps: flapsOf(scaler.changes),
    refused: asked === 0 ? 0 : refused / asked,
    minutes,
    levels: group.levels(),
  };
}

function second({ serviceS, servers, longestWaitS }: Model, replicas: number, rate: number, backlog: number): Second {
  const capacity = (replicas * servers) / serviceS;
  const offered = rate + backlog;
  const left = Math.max(0, offered - capacity);
  const room = capacity * longestWaitS;
  const busy = capacity === 0 ? 1 : Math.min(1, offered / capacity);
  // A queue that grows has no steady state: the last request of the second waits for all that is left.
  const steady =
    left > 0 ? Math.min(left, room) / Math.max(capacity, 1e-9) : wait95(replicas * servers, offered, serviceS);
  return {
    p95S: serviceS + Math.min(steady, longestWaitS),
    refused: Math.max(0, left - room),
    busyPercent: 100 * busy,
    backlog: Math.min(left, room),
  };
}

/** When a replica serves, seconds from the beginning. */
interface Replica {
  readonly from: number;
  until: number;
}

/** The replicas of a service, some of which do not serve yet, and some of which serve for a moment more. */
class Group {
  readonly #model: Model;
  readonly #all: Replica[] = [];
  #replicas: Replica[];
  /** Those that were taken away, and may still serve. */
  #leaving: Replica[] = [];

  constructor(model: Model, replicas: number) {
    this.#model = model;
    this.#replicas = Array.from({ length: replicas }, () => this.#made(0));
  }

  get replicas(): number {
    return this.#replicas.length;
  }

  serving(t: number): number {
    return [...this.#replicas, ...this.#leaving].filter(({ from, until }) => from <= t && t < until).length;
  }

  scaleTo(wanted: number, t: number): void {
    const { startUpS, drainS } = this.#model;
    this.#leaving = this.#leaving.filter(({ until }) => until > t);
    const more = Math.max(0, wanted - this.#replicas.length);
    for (let i = 1; i <= more; i += 1) {
      const takes =
        typeof startUpS === 'number' ? startUpS : (startUpS[Math.ceil((i / more) * startUpS.length) - 1] ?? 0);
      this.#replicas.push(this.#made(t + 1 + takes));
    }
    // The newest go first, as the controller takes the highest numbers. Those that do not serve yet never will.
    for (const replica of this.#replicas.splice(wanted)) {
      replica.until = replica.from <= t ? t + 1 + drainS : replica.from;
      this.#leaving.push(replica);
    }
  }

  /** Returns how many replicas served over the time, in milliseconds. */
  levels(): readonly Level[] {
    const turns = this.#all
      .filter(({ from, until }) => from < until)
      .flatMap(({ from, until }) => [
        { t: from * 1_000, by: 1 },
        { t: until * 1_000, by: -1 },
      ])
      .filter(({ t }) => Number.isFinite(t))
      .toSorted((a, b) => a.t - b.t);
    let instances = 0;
    return turns.map(({ t, by }) => ({ t, instances: (instances += by) }));
  }

  #made(from: number): Replica {
    const replica: Replica = { from, until: Infinity };
    this.#all.push(replica);
    return replica;
  }
}

/** The decision function with its memory, as the controller keeps it. */
class Scaler {
  readonly #config: AutoScalingConfig;
  /** `t`: milliseconds from the beginning. */
  readonly changes: { readonly t: number; readonly up: boolean }[] = [];
  #wishes: { readonly t: number; readonly instances: number }[] = [];
  #changed: number | undefined;

  constructor(config: AutoScalingConfig) {
    this.#config = config;
  }

  /** Returns the number of replicas that the group shall have. */
  decide(t: number, instances: number, rate: number, now: Second, { memoryPercent }: Model): number {
    const since = t - this.#config.stabilityWindow;
    this.#wishes = this.#wishes.filter((wish) => wish.t > since);
    const decision: ScalingDecision = decideScaling(this.#config, {
      t,
      instances,
      figures: [
        { metric: 'cpu', value: now.busyPercent, age: 0 },
        { metric: 'memory', value: memoryPercent, age: 0 },
        { metric: 'response_time', value: now.p95S * 1_000, age: 0 },
        { metric: 'requests', value: rate, age: 0 },
        { metric: 'queue', value: now.backlog, age: 0 },
      ],
      wishes: this.#wishes,
      ...(this.#changed === undefined ? {} : { changed: this.#changed }),
    });
    if (decision.wish !== undefined) this.#wishes.push({ t, instances: decision.wish });
    if (decision.targetInstances !== instances) {
      this.#changed = t;
      this.changes.push({ t: t * 1_000, up: decision.targetInstances > instances });
    }
    return decision.targetInstances;
  }
}
