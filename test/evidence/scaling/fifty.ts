import type { History } from '../../../harness/core/record/history.ts';
import { scalingSummary } from '../../../harness/core/record/scaling-summary.ts';
import { trafficWithin } from '../../../harness/core/record/traffic.ts';
import type { Lifeline } from '../../../harness/core/scaling/supply.ts';
import { servedBy, surgeOf, wantedOf } from '../../../harness/modes/autoscale/as-run.ts';
import { median, row } from '../figures.ts';
import type { Told } from '../told.ts';
import type { Reference } from './reference.ts';
import { allPhases, backAt, growthOf, phaseAfterStepMs, SERVICE } from './surge.ts';

/** The surge must be answered in at most so many times the time that plain Compose takes. */
const MOST_TIMES = 2;
/** No request of so many may fail; less is too little evidence. */
const LEAST_REQUESTS = 100_000;

const DEEDS = ['created', 'started', 'healthy', 'served'] as const;

/** What one run did with the surge. */
export interface Answered {
  readonly run: string;
  readonly verdict: string;
  /** Seconds from the load's step to each stage; NaN when a stage never came. */
  readonly stages: ReadonlyMap<string, number>;
  /** Seconds from the load's step until as many served as the experiment wants. */
  readonly capacityS: number;
  /** Seconds from the end of the surge until no more served than before it. */
  readonly backS: number;
  /** Seconds from the load's step to the beginning of the fault phase. */
  readonly phaseS: number;
  readonly wanted: number;
  readonly requests: number;
  readonly failed: number;
  readonly flaps: number;
}

const WORDS: Readonly<Record<(typeof DEEDS)[number], string>> = {
  created: 'container created',
  started: 'container started',
  healthy: 'container healthy',
  served: 'container with its first answer',
};

export function answeredBy(history: History, verdict: string): Answered {
  const { step, end } = surgeOf(history);
  const growth = growthOf(history);
  const wanted = wantedOf(history, SERVICE);
  const since = (t: number | undefined, from = step): number => (t === undefined ? NaN : (t - from) / 1_000);
  const all = (deed: keyof Lifeline & (typeof DEEDS)[number]): readonly number[] =>
    (growth?.made ?? []).flatMap(({ [deed]: t }) => (t === undefined ? [] : [t]));
  const stages = new Map([['decision', since(growth?.decided)]]);
  for (const deed of DEEDS) {
    const times = all(deed);
    stages.set(`first ${WORDS[deed]}`, since(times.length === 0 ? undefined : Math.min(...times)));
    stages.set(`last ${WORDS[deed]}`, since(times.length === 0 ? undefined : Math.max(...times)));
  }
  const capacityS = since(servedBy(history, SERVICE, wanted));
  stages.set(`${wanted} serve`, capacityS);
  const { all: traffic } = trafficWithin(history, allPhases(history));
  return {
    run: history.run,
    verdict,
    stages,
    capacityS,
    backS: since(backAt(history), end),
    phaseS: phaseAfterStepMs(history) / 1_000,
    wanted,
    requests: traffic.offered,
    failed: traffic.failed,
    flaps: scalingSummary(history, SERVICE).flaps,
  };
}

const s = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '–');
/** The worst of some times: one that never came is the worst of all. */
const worst = (values: readonly number[]): number => (values.every(Number.isFinite) ? Math.max(...values) : NaN);

/**
 * `all`: every run that was made, also those that are INCONCLUSIVE. Their requests count, their times do not. `times`: how
 * many conclusive runs are promised.
 */
export function fiftyTables(all: readonly Answered[], reference: readonly Reference[], times: number): Told {
  const runs = all.filter(({ verdict }) => verdict !== 'INCONCLUSIVE');
  const capacity = runs.map(({ capacityS }) => capacityS);
  const compose = median(reference.map(({ upS }) => upS));
  const ratios = { median: median(capacity) / compose, worst: worst(capacity) / compose };
  const requests = all.reduce((sum, run) => sum + run.requests, 0);
  const failed = all.reduce((sum, run) => sum + run.failed, 0);
  const names = [...(runs[0]?.stages.keys() ?? [])];
  const wanted = all[0]?.wanted ?? 0;
  const wrong = [
    ...(runs.length < times ? [`${runs.length} of ${times} runs are conclusive`] : []),
    ...runs.filter(({ verdict }) => verdict !== 'PASS').map(({ run, verdict }) => `${run} is ${verdict}`),
    ...Object.entries(ratios)
      .filter(([, ratio]) => !(ratio <= MOST_TIMES))
      .map(([name, ratio]) =>
        Number.isFinite(ratio)
          ? `the ${name} is ${ratio.toFixed(2)} times the time of Compose, more than ${MOST_TIMES}`
          : `the ${name} never had ${wanted} replicas that serve`,
      ),
    ...(requests < LEAST_REQUESTS ? [`${requests} requests are too few: ${LEAST_REQUESTS} are needed`] : []),
    ...(failed > 0 ? [`${failed} requests failed`] : []),
  ];
  const stage = (name: string): readonly number[] => runs.map(({ stages }) => stages.get(name) ?? NaN);
  const text = [
    `From the load's step until ${wanted} replicas serve: median ${s(median(capacity))} s, worst ${s(worst(capacity))} s of ${runs.length} runs. Plain \`docker compose up --scale app=${wanted} --wait\`, without load, takes ${s(compose)} s from the command until ${wanted} are healthy (median of ${reference.length}: ${reference.map(({ upS }) => s(upS)).join(', ')}) and ${s(median(reference.map(({ downS }) => downS)))} s back. So the median is **${ratios.median.toFixed(2)} times** the time of Compose, and ${Number.isFinite(ratios.worst) ? `the worst **${ratios.worst.toFixed(2)} times**` : 'the worst never came'}; at most ${MOST_TIMES} is promised.`,
    `**${failed} of ${requests.toLocaleString('en-GB')} requests failed.**${requests < LEAST_REQUESTS ? ` That is too little evidence: ${LEAST_REQUESTS.toLocaleString('en-GB')} requests are needed.` : ''}`,
    [
      row("from the load's step to", 'median, s', 'worst, s'),
      row('---', '---', '---'),
      ...names.map((name) => row(name, s(median(stage(name))), s(worst(stage(name))))),
    ].join('\n'),
    [
      row('run', 'verdict', `${wanted} serve after, s`, 'back after, s', 'flaps', 'requests', 'failed'),
      row(...Array.from({ length: 7 }, () => '---')),
      ...all.map((one) =>
        row(
          one.run,
          one.verdict,
          s(one.capacityS),
          s(one.backS),
          String(one.flaps),
          String(one.requests),
          String(one.failed),
        ),
      ),
    ].join('\n'),
    ...(runs.length === all.length
      ? []
      : [
          `Of runs that are INCONCLUSIVE (${all.length - runs.length} of ${all.length}) the requests are counted, and the times are in the last table only.`,
        ]),
    `"Back" counts from the end of the surge until no more replicas serve than before it. A container's first answer is the first line of the edge's log that names it. The fault phase begins ${s(worst(runs.map(({ phaseS }) => phaseS)))} s after the load's step, at most.`,
    ...(wrong.length === 0 ? [] : [`Not as promised: ${wrong.join('; ')}.`]),
  ].join('\n\n');
  return { text, wrong };
}
