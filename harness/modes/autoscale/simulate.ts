import { rateAt, type RateStage } from '../../core/load/arrivals.ts';
import type { AutoScalingConfig, ScalingDecision } from '../../core/record/scaling.ts';
import { decideScaling } from '../../core/scaling/decide.ts';
import { flapsOf } from '../../core/scaling/flaps.ts';
import { wait95 } from '../../core/scaling/queueing.ts';

/** The scaler decides so often, seconds: as the controller does. */
const EVERY_S = 5;

/** What is known of a service, from a calibration or from a run. */
export interface Model {
  /** Seconds of a replica's processor for one request. */
  readonly serviceS: number;
  /** Requests that a replica serves at the same time without slowing down: its cores. */
  readonly servers: number;
  /** Seconds from a decision until a new replica serves. */
  readonly startUpS: number;
  /** Seconds from a decision until a replica that is taken away serves no more. */
  readonly drainS: number;
  /** A request that would wait longer than this is refused. Seconds. */
  readonly longestWaitS: number;
  /** Percent of its memory that a replica uses. */
  readonly memoryPercent: number;
  /** The objective: 95 % of the requests are answered within so many seconds, and at most so large a share is refused. */
  readonly slo: { readonly p95S: number; readonly refused: number };
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
export function simulate(model: Model, stages: readonly RateStage[], config: AutoScalingConfig): Outcome {
  const group = new Group(model, config.minInstances);
  const scaler = new Scaler(config);
  const seconds = Math.floor(stages.reduce((sum, { ms }) => sum + ms, 0) / 1_000);
  const minutes: Minute[] = [];
  const broken: number[] = [];
  let [backlog, asked, refused, replicaSeconds, most, worst] = [0, 0, 0, 0, 0, 0];
  for (let t = 0; t < seconds; t += 1) {
    const rate = rateAt({ process: 'constant', stages }, t * 1_000);
    const now = second(model, group.serving(t), rate, backlog);
    backlog = now.backlog;
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
    if (t % EVERY_S === EVERY_S - 1) group.scaleTo(scaler.decide(t, group.replicas, rate, now, model), t);
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

/** The replicas of a service, some of which do not serve yet, and some of which serve for a moment more. */
class Group {
  readonly #model: Model;
  /** When each replica serves, seconds. */
  #from: number[];
  /** Until when those that were taken away serve. */
  #until: number[] = [];

  constructor(model: Model, replicas: number) {
    this.#model = model;
    this.#from = Array.from({ length: replicas }, () => 0);
  }

  get replicas(): number {
    return this.#from.length;
  }

  serving(t: number): number {
    return this.#from.filter((from) => from <= t).length + this.#until.filter((until) => until > t).length;
  }

  scaleTo(wanted: number, t: number): void {
    const { startUpS, drainS } = this.#model;
    this.#until = this.#until.filter((until) => until > t);
    while (this.#from.length < wanted) this.#from.push(t + 1 + startUpS);
    // The newest go first, as the controller takes the highest numbers.
    for (const from of this.#from.splice(wanted)) if (from <= t) this.#until.push(t + 1 + drainS);
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
