import type { RunEvent } from '../../harness/core/record/events.ts';
import type { History } from '../../harness/core/record/history.ts';
import type { AutoScalingConfig, ScalingDecision, ScalingSituation } from '../../harness/core/record/scaling.ts';
import { decideScaling } from '../../harness/core/scaling/decide.ts';
import { sampleHistory } from './samples/history.ts';
import { change, life, SCALER } from './samples/scaling.ts';

/** Seconds. */
const PHASES = { baseline: 60, fault: 180, recovery: 300 } as const;
const EVERY_S = 5;
const DRAIN_S = 2;
/** Requests a second that are 100 % of one replica. */
const CAPACITY = 100;
const START = 1_000_000;

export const CONFIG: AutoScalingConfig = {
  ...SCALER,
  maxInstances: 10,
  cooldownPeriod: 20,
  stabilityWindow: 30,
  largestStep: 4,
};

/** How a scaler decides. The world gives it the truth; a defect looks at something else, or forgets a rule. */
export type Decide = (situation: ScalingSituation, world: World) => ScalingDecision;

/** What a decision may look at beside its situation. */
interface World {
  /** Replicas that serve. */
  readonly serving: number;
  /** The figures of the first decision. */
  readonly first: ScalingSituation['figures'];
}

export const sound: Decide = (situation) => decideScaling(CONFIG, situation);

/** The load: calm, then six times as much, then calm again; requests a second. */
const rateAt = (t: number): number => (t >= PHASES.baseline && t < PHASES.baseline + PHASES.fault ? 540 : 120);

export interface Surge {
  /** By how much the figure of the processor is wrong at a moment: 1 is right. */
  readonly dips?: (t: number) => number;
  /** Seconds from a decision until a new replica serves. */
  readonly startUpS?: number;
}

/**
 * Lets a scaler follow a surge in virtual time, and returns what a run of it would record: decisions, changes, and what
 * became of each container.
 */
export function scaledBy(decide: Decide, { dips = () => 1, startUpS = 6 }: Surge = {}): History {
  const events: RunEvent[] = [];
  const at = (t: number): number => START + t * 1_000;
  const live = (t: number, number: number, did: 'created' | 'healthy' | 'asked to end'): void =>
    void events.push(life(at(t), `chaos-app-${number}`, did));
  /** When each replica serves, seconds; the first are there from the beginning. */
  let replicas = Array.from({ length: CONFIG.minInstances }, (_, i) => ({ number: i + 1, from: 0 }));
  let [changed, wishes, highest]: [number | undefined, ScalingSituation['wishes'], number] = [undefined, [], 3];
  let first: ScalingSituation['figures'] | undefined;
  events.push({ kind: 'lives', t: at(0), told: true });
  const seconds = PHASES.baseline + PHASES.fault + PHASES.recovery;
  for (let t = 0; t < seconds; t += 1) {
    if (t % EVERY_S !== EVERY_S - 1) continue;
    const serving = replicas.filter(({ from }) => from <= t).length;
    const cpu = Math.min(100, (100 * rateAt(t) * dips(t)) / (Math.max(1, serving) * CAPACITY));
    const figures: ScalingSituation['figures'] = [
      { metric: 'cpu', value: cpu, age: 1 },
      { metric: 'memory', value: 20, age: 1 },
    ];
    first ??= figures;
    const situation = {
      t,
      instances: replicas.length,
      figures,
      wishes: wishes.filter((wish) => wish.t > t - CONFIG.stabilityWindow),
      ...(changed === undefined ? {} : { changed }),
    };
    const decision = decide(situation, { serving, first });
    if (decision.wish !== undefined) wishes = [...wishes, { t, instances: decision.wish }];
    events.push({ kind: 'scaling', t: at(t), id: 'autoscale-1', service: 'app', config: CONFIG, situation, decision });
    const { targetInstances: to, instances: from } = decision;
    if (to === from) continue;
    events.push(...change(at(t), from, to, cpu));
    for (const { number } of replicas.slice(to)) live(t + DRAIN_S, number, 'asked to end');
    replicas = replicas.slice(0, to);
    while (replicas.length < to) {
      highest += 1;
      live(t + 1, highest, 'created');
      live(t + startUpS, highest, 'healthy');
      replicas = [...replicas, { number: highest, from: t + startUpS }];
    }
    changed = t + 1;
  }
  const begins = { baseline: 0, fault: PHASES.baseline, recovery: PHASES.baseline + PHASES.fault };
  return {
    ...sampleHistory(),
    events: events.toSorted((a, b) => a.t - b.t),
    windows: (['baseline', 'fault', 'recovery'] as const).map((phase) => ({
      phase,
      started: at(begins[phase]),
      ended: at(begins[phase] + PHASES[phase]),
    })),
  };
}
