import { performance } from 'node:perf_hooks';
import type { History } from '../../../harness/core/record/history.ts';
import { simulateAs } from '../../../harness/modes/autoscale/as-run.ts';
import { chaos } from '../../helpers/chaos.ts';
import { median, row } from '../figures.ts';
import type { Told } from '../told.ts';
import { learnFrom, type Learned, modelOf } from './model.ts';
import { SERVICE } from './surge.ts';

/** The simulation must come so near to the run, percent. */
const NEAR_PERCENT = 20;
/** A Saturday of sixteen hours must be simulated in so many seconds. */
const SATURDAY_S = 5;

/** A run beside its simulation, which knows another run. */
export interface Beside {
  readonly experiment: string;
  readonly run: string;
  readonly model: string;
  readonly wanted: number;
  /** Seconds from the load's step until so many served. */
  readonly realS: number;
  readonly simulatedS: number;
  /** The same, when every replica takes the median time to start. */
  readonly byMedianS: number;
  readonly startUpS: readonly number[];
}

/** Returns the run from which the model of another comes: one of the same experiment, or else any other. */
export const sourceOf = (target: History, all: readonly History[]): History | undefined => {
  const others = all.filter(({ run }) => run !== target.run);
  return others.find(({ plan }) => plan.name === target.plan.name) ?? others[0];
};

/** `startUpS`: how long plain Compose took, for a run of which there is no other of the same experiment. */
export function beside(target: History, source: History, startUpS?: number): Beside {
  const own = learnFrom(source);
  const alone = startUpS !== undefined && source.plan.name !== target.plan.name;
  const learned: Learned = alone ? { ...own, startUpS: [startUpS] } : own;
  const { wanted, realS = NaN, simulatedS = NaN } = simulateAs(modelOf(learned, target), target, SERVICE);
  const middle = { ...learned, startUpS: [median(learned.startUpS)] };
  return {
    experiment: target.plan.name,
    run: target.run,
    model: alone ? `${source.run}, start-up by Compose` : source.run,
    wanted,
    realS,
    simulatedS,
    byMedianS: simulateAs(modelOf(middle, target), target, SERVICE).simulatedS ?? NaN,
    startUpS: learned.startUpS,
  };
}

/** How long `chaos autoscale simulate` takes for the Saturday of sixteen hours with its policies, seconds. */
export async function saturdaySeconds(): Promise<number> {
  const began = performance.now();
  const { code, stderr } = await chaos(['autoscale', 'simulate', 'experiments/autoscale/saturday.yaml', '--json']);
  if (code !== 0) throw new Error(stderr);
  return (performance.now() - began) / 1_000;
}

export const apartPercent = (real: number, simulated: number): number => (100 * (simulated - real)) / real;

const s = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '–');
const percent = (value: number): string =>
  Number.isFinite(value) ? `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(0)} %` : '–';

export function simulationTable(all: readonly Beside[], saturdayS: number): Told {
  const far = all.filter(({ realS, simulatedS }) => !(Math.abs(apartPercent(realS, simulatedS)) <= NEAR_PERCENT));
  const wrong = [
    ...far.map(({ run }) => `the simulation of ${run} is more than ${NEAR_PERCENT} % apart`),
    ...(saturdayS < SATURDAY_S ? [] : [`the Saturday took ${saturdayS.toFixed(1)} s`]),
  ];
  const head = ['experiment', 'run', 'model from', 'replicas', 'start-up, s', 'real, s', 'simulated, s', 'apart'];
  const text = [
    `From the load's step until the wanted number of replicas serves, in the run and in \`chaos autoscale simulate\`'s own code. The load, the scaler's configuration and the moments of its looks are the run's. What a replica needs (processor, memory, time from the decision to its first answer) comes from another run. **${all.length - far.length} of ${all.length} are within ${NEAR_PERCENT} %.**`,
    [
      row(...head, 'with the median start-up alone'),
      row(...[...head, ''].map(() => '---')),
      ...all.map((one) => {
        const { realS, simulatedS, byMedianS, startUpS } = one;
        const spread = `${s(startUpS[0] ?? NaN)} to ${s(startUpS.at(-1) ?? NaN)}, median ${s(median(startUpS))}`;
        const apart = percent(apartPercent(realS, simulatedS));
        const byMedian = `${s(byMedianS)}, ${percent(apartPercent(realS, byMedianS))}`;
        return row(
          one.experiment,
          one.run,
          one.model,
          String(one.wanted),
          spread,
          s(realS),
          s(simulatedS),
          apart,
          byMedian,
        );
      }),
    ].join('\n'),
    `A Saturday of sixteen hours for 50,000 users (\`chaos autoscale simulate experiments/autoscale/saturday.yaml\`, three policies and what would mend them): ${saturdayS.toFixed(1)} s for the whole command; less than ${SATURDAY_S} s is promised.`,
    ...(wrong.length === 0 ? [] : [`Not as promised: ${wrong.join('; ')}.`]),
  ].join('\n\n');
  return { text, wrong };
}
