import type { Figure, ScalingMetric } from '../../../harness/core/record/scaling.ts';
import type { History } from '../../../harness/core/record/history.ts';
import { decidedBefore } from '../../../harness/core/scaling/decided.ts';
import { looksOf, surgeOf } from '../../../harness/modes/autoscale/as-run.ts';
import type { Model } from '../../../harness/modes/autoscale/simulate.ts';
import { median } from '../figures.ts';
import { coresOf, growthOf, SERVICE } from './surge.ts';

/** A replica that has just started is slower than it will be. Milliseconds. */
const WARM_MS = 15_000;

/** What a run teaches about a replica, for the simulation of another run. */
export interface Learned {
  /** Seconds of a core for one request. */
  readonly workS: number;
  readonly memoryPercent: number;
  /** Seconds from the decision to the first answer of each new replica, the fastest first. */
  readonly startUpS: readonly number[];
}

const valueOf = (figures: readonly Figure[], metric: ScalingMetric): number =>
  figures.find((figure) => figure.metric === metric)?.value ?? NaN;

/** Learns from the calm time before the surge, and from the replicas that the surge brought. */
export function learnFrom(history: History): Learned {
  const { began, step } = surgeOf(history);
  const calm = looksOf(history, SERVICE).filter(({ t }) => t >= began + WARM_MS && t < step);
  const cores = coresOf(history);
  const work = calm.map(({ situation: { figures, instances } }) => {
    const busyCores = (valueOf(figures, 'cpu') / 100) * cores * instances;
    return busyCores / valueOf(figures, 'requests');
  });
  const memory = calm.map(({ situation }) => valueOf(situation.figures, 'memory'));
  const startUpS = (growthOf(history)?.made ?? []).flatMap(({ created = NaN, served }) => {
    const decided = decidedBefore(history, SERVICE, created);
    return served === undefined || decided === undefined ? [] : [(served - decided) / 1_000];
  });
  const learned = {
    workS: median(work),
    memoryPercent: median(memory),
    startUpS: startUpS.toSorted((a, b) => a - b),
  };
  if (Number.isFinite(learned.workS + learned.memoryPercent) && startUpS.length > 0) return learned;
  throw new Error(`${history.run} teaches nothing: it has no figures before its surge, or no new replica answered`);
}

/** The model of one replica of a run's topology. A replica with a part of a core serves one request at a time. */
export function modelOf({ workS, memoryPercent, startUpS }: Learned, target: History): Model {
  const cores = coresOf(target);
  const servers = Math.max(1, Math.floor(cores));
  return {
    serviceS: (workS * servers) / cores,
    servers,
    startUpS,
    drainS: 3,
    longestWaitS: 1.3,
    memoryPercent,
    slo: { p95S: 0.2, refused: 0.001 },
  };
}
