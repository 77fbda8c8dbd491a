import { ChaosError } from '../../core/errors.ts';
import type { EventOf } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { supplyOf } from '../../core/scaling/supply.ts';
import { EVERY_S, type Looks, type Model, simulate } from './simulate.ts';

/** Moments of a load, epoch milliseconds. */
export interface Surge {
  /** The first request. */
  readonly began: number;
  /** The load steps up above its first stage, and is back there. A surge may rise further on its way. */
  readonly step: number;
  readonly end: number;
}

const notLike = (what: string): ChaosError =>
  new ChaosError('CHAOS_OTHER_RUN', {
    what,
    hint: 'Take a run whose load steps up, and whose experiment has a controller `autoscale` that brings containers then.',
    exit: 'bad-input',
  });

/** Returns when the load of a run stepped up, and when it was back. Throws CHAOS_OTHER_RUN when it never stepped up. */
export function surgeOf({ run, plan, requests }: History): Surge {
  const { stages } = plan.load.arrivals;
  const low = stages[0]?.from ?? Infinity;
  const up = stages.findIndex(({ from }) => from > low);
  if (up === -1 || requests.length === 0) throw notLike(`the load of ${run} never stepped up`);
  const back = stages.findIndex(({ from }, i) => i > up && from <= low);
  const began = requests.planned.reduce((least, t) => Math.min(least, t), Infinity);
  const lengthOf = (some: typeof stages): number => some.reduce((sum, { ms }) => sum + ms, 0);
  const step = began + lengthOf(stages.slice(0, up));
  return { began, step, end: step + lengthOf(stages.slice(up, back === -1 ? undefined : back)) };
}

/** Returns the services that the scalers of a run looked at. Throws CHAOS_OTHER_RUN when there is none. */
export function servicesOf(history: History): readonly string[] {
  const services = new Set(eventsOf(history, 'scaling').map(({ service }) => service));
  if (services.size === 0) throw notLike(`no scaler decided anything in ${history.run}`);
  return [...services];
}

/** Returns the decisions of the scaler of a service, also those that changed nothing. */
export const looksOf = (history: History, service: string): readonly EventOf<'scaling'>[] =>
  eventsOf(history, 'scaling').filter((look) => look.service === service);

/**
 * Returns how many containers a surge needs: `reaches` of the hypothesis `scaling`, or else as many as the scaler asked
 * for at most. Throws CHAOS_OTHER_RUN when it asked for none.
 */
export function wantedOf(history: History, service: string): number {
  const { step, end } = surgeOf(history);
  const reaches = history.plan.hypotheses.flatMap(({ check, params }) => {
    const own = params as { readonly service?: string; readonly reaches?: number };
    return check === 'scaling' && own.service === service && own.reaches !== undefined ? [own.reaches] : [];
  });
  const asked = eventsOf(history, 'decided').flatMap((one) =>
    one.service === service && one.to > one.from && one.t >= step && one.t < end ? [one.to] : [],
  );
  if (reaches.length + asked.length === 0) throw notLike(`nothing brought containers of ${service} in ${history.run}`);
  return Math.max(...(reaches.length > 0 ? reaches : asked));
}

/** Returns when so many containers served first after the load's step, epoch milliseconds; undefined when they never did. */
export function servedBy(history: History, service: string, wanted: number): number | undefined {
  const { step } = surgeOf(history);
  return supplyOf(history, service).find(({ t, instances }) => t >= step && instances >= wanted)?.t;
}

/** A run, and its simulation. Seconds from the load's step until so many containers served; undefined: they never did. */
export interface AsRun {
  readonly wanted: number;
  readonly realS: number | undefined;
  readonly simulatedS: number | undefined;
}

/** Lets the scaler of a run follow the load of the run in virtual time, with a replica that is described by `model`. */
export function simulateAs(model: Model, history: History, service: string): AsRun {
  const wanted = wantedOf(history, service);
  const { began, step } = surgeOf(history);
  const config = looksOf(history, service)[0]?.config;
  if (config === undefined) throw notLike(`no scaler of ${service} decided anything in ${history.run}`);
  const { levels } = simulate(model, history.plan.load.arrivals.stages, config, looksLike(history, service));
  const reached = levels.find(({ t, instances }) => t >= step - began && instances >= wanted)?.t;
  const served = servedBy(history, service, wanted);
  return {
    wanted,
    realS: served === undefined ? undefined : (served - step) / 1_000,
    simulatedS: reached === undefined ? undefined : (reached - (step - began)) / 1_000,
  };
}

/**
 * Returns from where the scaler of a run began, and when it looked: the simulation looks at the same moments. A decision
 * at the end of a simulated second takes effect with the next second.
 */
function looksLike(history: History, service: string): Looks {
  const { began, step } = surgeOf(history);
  const looks = looksOf(history, service);
  const look = looks.find(({ t }) => t >= step);
  if (look === undefined) throw notLike(`no scaler of ${service} decided anything in the surge of ${history.run}`);
  const second = Math.floor((look.t - began) / 1_000) - 1;
  const age = look.situation.figures.find(({ metric }) => metric === 'cpu')?.age ?? 0;
  return {
    replicas: looks[0]?.situation.instances ?? 0,
    firstS: second % EVERY_S,
    // The CPU of containers is read as often.
    cpuMeanS: EVERY_S,
    cpuAgeS: Math.round(age),
  };
}
