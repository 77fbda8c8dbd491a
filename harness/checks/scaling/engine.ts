import { formatDuration } from '../../core/duration.ts';
import { eventsOf, windowOf } from '../../core/record/history.ts';
import type { Level } from '../../core/scaling/elasticity.ts';
import { decidedAt } from '../../core/scaling/decided.ts';
import { flapsOf } from '../../core/scaling/flaps.ts';
import { isFollowed, lifelines } from '../../core/scaling/supply.ts';
import type { Demand, Facts } from './facts.ts';

export const ANY_CHANGE: Demand = {
  expected: 'at least one change in the fault phase',
  find: ({ inPhase: { length } }) => ({ observed: `changes: ${length}`, met: length > 0 }),
};

/** The most that served at a time. */
const mostOf = (levels: readonly Level[]): number => Math.max(...levels.map(({ instances }) => instances));

/** The level at a moment. */
const levelAt = (supply: readonly Level[], moment: number): number | undefined =>
  supply.findLast(({ t }) => t <= moment)?.instances;

export const reach = (wanted: number, within?: number): Demand => ({
  expected: `${wanted} serve${within === undefined ? '' : ` within ${formatDuration(within)}`}`,
  find({ supply, phase: { started, ended } }) {
    const until = supply.filter(({ t }) => t <= ended);
    const there = (levelAt(supply, started) ?? 0) >= wanted;
    const reached = there ? started : until.find(({ t, instances }) => t > started && instances >= wanted)?.t;
    if (reached === undefined) return { observed: `at most ${mostOf(until)} served`, met: false };
    const after = reached - started;
    return { observed: `${wanted} served after ${formatDuration(after)}`, met: after <= (within ?? Infinity) };
  },
});

export const decideWithin = (most: number): Demand => ({
  expected: `the first change within ${formatDuration(most)}`,
  find({ history, inPhase: [first], phase }) {
    if (first === undefined) return { observed: 'no change in the fault phase', met: false };
    const after = decidedAt(history, first) - phase.started;
    return { observed: `the first change after ${formatDuration(after)}`, met: after <= most };
  },
});

/** The worst time from the decision for a change to a moment of the containers that the change made. */
const madeWithin =
  (most: number, moment: 'healthy' | 'served', words: { readonly done: string; readonly never: string }) =>
  ({ history, service, inPhase }: Facts): ReturnType<Demand['find']> => {
    const lines = lifelines(history, service);
    const begins = inPhase.filter(({ action }) => action === 'scale_up').map((up) => decidedAt(history, up));
    const made = begins.flatMap((begun, i) =>
      lines
        .filter(({ created = NaN }) => created >= begun && created < (begins[i + 1] ?? Infinity))
        .map(({ [moment]: at = Infinity }) => at - begun),
    );
    if (made.length === 0) return { observed: 'no new container was seen', met: undefined };
    const never = made.filter((ms) => ms === Infinity).length;
    if (never > 0) return { observed: `${never} of ${made.length} new containers ${words.never}`, met: false };
    const worst = Math.max(...made);
    const observed = `new containers: ${made.length}, ${words.done} after ${formatDuration(worst)} at most`;
    return { observed, met: worst <= most };
  };

export const readyWithin = (most: number): Demand => ({
  expected: `new containers healthy within ${formatDuration(most)} of their change`,
  find: madeWithin(most, 'healthy', { done: 'healthy', never: 'were never healthy' }),
});

export const serveWithin = (most: number): Demand => {
  const find = madeWithin(most, 'served', { done: 'first answer', never: 'never answered a request' });
  return {
    expected: `the first answer of new containers within ${formatDuration(most)} of their change`,
    find: (facts) =>
      isFollowed(facts.history, facts.service)
        ? find(facts)
        : { observed: 'no request was followed to these containers', met: undefined },
  };
};

export const neverMore = (most: number): Demand => ({
  expected: `never more than ${most}`,
  find({ supply }) {
    const seen = mostOf(supply);
    return { observed: `at most ${seen} served at a time`, met: seen <= most };
  },
});

export const neverFewer = (least: number): Demand => ({
  expected: `never fewer than ${least}`,
  find({ supply, changes: [first], phase }) {
    const from = first !== undefined && first.t <= phase.ended ? first.t : phase.started;
    const levels = supply.filter(({ t }) => t >= from && t <= phase.ended).map(({ instances }) => instances);
    const seen = Math.min(levelAt(supply, from) ?? 0, ...levels);
    return { observed: `at least ${seen} served at a time`, met: seen >= least };
  },
});

export const flapAtMost = (most: number): Demand => ({
  expected: `flaps: at most ${most}`,
  find({ changes }) {
    const flaps = flapsOf(changes.map(({ t, action }) => ({ t, up: action === 'scale_up' })));
    return { observed: `flaps: ${flaps}`, met: flaps <= most };
  },
});

/** The cool-down begins when a change is carried out, and ends with the next decision. */
export const pauseFor = (least: number): Demand => ({
  expected: `${formatDuration(least)} from change to change`,
  find({ history, changes }) {
    const pauses = changes.slice(1).map((next, i) => decidedAt(history, next) - (changes[i]?.t ?? NaN));
    if (pauses.length === 0) return { observed: 'fewer than two changes', met: true };
    const shortest = Math.min(...pauses);
    return { observed: `at least ${formatDuration(shortest)} between changes`, met: shortest >= least };
  },
});

export const returnTo = (most: number): Demand => ({
  expected: `${most} again before the end of recovery`,
  during: ['recovery'],
  find({ history, supply }) {
    const end = windowOf(history, 'recovery')?.ended;
    const last = end === undefined ? undefined : levelAt(supply, end);
    if (last === undefined) return { observed: 'there was no recovery phase', met: undefined };
    return { observed: `${last} served at the end of recovery`, met: last <= most };
  },
});

/** A processor figure at or above this says only that there was too little: it cannot say how much more is needed. Percent. */
const SATURATED = 95;

/** Names the decisions that were made from a processor figure at its upper end. Undefined when there were none. */
export function saturation({ history, service }: Facts): string | undefined {
  const ups = eventsOf(history, 'scaling').filter(
    (one) => one.service === service && one.decision.action === 'scale_up',
  );
  const blind = ups.filter(({ situation }) =>
    situation.figures.some(({ metric, value }) => metric === 'cpu' && value >= SATURATED),
  );
  if (blind.length === 0) return undefined;
  return `the CPU figure was saturated (${SATURATED} % or more) at ${blind.length} of ${ups.length} decisions for more: it cannot say how many are needed`;
}
