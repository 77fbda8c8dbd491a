import { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { defineCheck } from '../core/kinds/check.ts';
import type { PhaseWindow } from '../core/plan/phases.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import type { EventOf } from '../core/record/events.ts';
import { eventsOf, type History, windowOf } from '../core/record/history.ts';
import type { Level } from '../core/scaling/elasticity.ts';
import { flapsOf } from '../core/scaling/flaps.ts';
import { lifelines, supplyOf, toldThroughout } from '../core/scaling/supply.ts';
import { duration } from '../kit/schema.ts';

const count = (what: string) => z.int().min(0).optional().meta({ description: what });
const time = (what: string) => duration.optional().meta({ description: what, examples: ['30s'] });

const params = z.strictObject({
  service: z.string().meta({ description: 'The service that is scaled', examples: ['app'] }),
  reaches: count('So many containers serve at the same time, in the fault phase'),
  within: time('How soon after the beginning of the fault phase they do'),
  decision_lag: time('The longest from the beginning of the fault phase to the first change'),
  readiness_lag: time('The longest from a change to the moment when a container that it made is healthy'),
  most: count('Never more containers serve at the same time'),
  least: count('Never fewer containers serve at the same time, from the first change to the end of the fault phase'),
  flaps: count('How often it may change its direction twice within ten minutes'),
  cooldown: time('The least from one change to the next'),
  returns_to: count('So few containers serve again before the end of the recovery phase'),
});

type Params = z.output<typeof params>;
type Scaled = EventOf<'scaled'>;

/** What a demand is judged from. */
interface Facts {
  readonly history: History;
  readonly service: string;
  /** Every change, and the changes of the fault phase. */
  readonly changes: readonly Scaled[];
  readonly inPhase: readonly Scaled[];
  readonly supply: readonly Level[];
  readonly phase: PhaseWindow;
}

/** What was seen. `met`: whether it is as expected; undefined when the record does not tell. */
interface Finding {
  readonly observed: string;
  readonly met: boolean | undefined;
}

/** One thing that the check asks for, in words, and how it is judged. */
interface Demand {
  readonly expected: string;
  readonly find: (facts: Facts) => Finding;
}

export default defineCheck({
  name: 'scaling',
  summary: 'A service had enough containers in time, by the engine: when it was decided, when they were healthy.',
  params,
  example: { service: 'app', reaches: 6, within: '60s', readiness_lag: '20s', flaps: 0 },
  refers: ({ service }) => ({ server: service, key: 'service' }),
  describe: (p) => `scaling of ${p.service}: ${expectation(p)}`,
  evaluate(history, p) {
    const { service } = p;
    const changes = eventsOf(history, 'scaled').filter(({ group }) => group === service);
    const result = { name: `scaling of ${service}`, expected: expectation(p), samples: changes.length };
    const during: CheckResult['during'] = ['fault'];
    const phase = windowOf(history, 'fault');
    const unknown = (observed: string): CheckResult[] => [{ ...result, during, verdict: 'INCONCLUSIVE', observed }];
    if (phase === undefined) return unknown('there was no fault phase');
    const { started } = windowOf(history, 'baseline') ?? phase;
    const { ended } = windowOf(history, 'recovery') ?? phase;
    if (!toldThroughout(history, { started, ended }))
      return unknown('the engine did not tell all the time what became of the containers');
    const inPhase = changes.filter(({ t }) => t >= phase.started && t <= phase.ended);
    const facts = { history, service, changes, inPhase, supply: supplyOf(history, service), phase };
    const findings = demandsOf(p).map(({ find }) => find(facts));
    const observed = findings.map((finding) => finding.observed).join('; ');
    if (findings.some(({ met }) => met === false)) return [{ ...result, during, verdict: 'FAIL', observed }];
    if (findings.some(({ met }) => met === undefined)) return unknown(observed);
    return [{ ...result, during, verdict: 'PASS', observed }];
  },
});

const expectation = (p: Params): string =>
  demandsOf(p)
    .map(({ expected }) => expected)
    .join(', ');

/** Returns what the parameters ask for; without any demand, at least one change. */
function demandsOf(p: Params): readonly Demand[] {
  const demands: Demand[] = [];
  const { reaches, within, decision_lag, readiness_lag, most, least, flaps, cooldown, returns_to } = p;
  if (reaches !== undefined) demands.push(reach(reaches, within));
  if (decision_lag !== undefined) demands.push(decideWithin(decision_lag));
  if (readiness_lag !== undefined) demands.push(readyWithin(readiness_lag));
  if (most !== undefined) demands.push(neverMore(most));
  if (least !== undefined) demands.push(neverFewer(least));
  if (flaps !== undefined) demands.push(flapAtMost(flaps));
  if (cooldown !== undefined) demands.push(pauseFor(cooldown));
  if (returns_to !== undefined) demands.push(returnTo(returns_to));
  return demands.length > 0 ? demands : [ANY_CHANGE];
}

const ANY_CHANGE: Demand = {
  expected: 'at least one change',
  find: ({ changes: { length } }) => ({ observed: `changes: ${length}`, met: length > 0 }),
};

/** The most that served at a time. */
const mostOf = (levels: readonly Level[]): number => Math.max(...levels.map(({ instances }) => instances));

/** The level at a moment. */
const levelAt = (supply: readonly Level[], moment: number): number | undefined =>
  supply.findLast(({ t }) => t <= moment)?.instances;

const reach = (wanted: number, within?: number): Demand => ({
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

const decideWithin = (most: number): Demand => ({
  expected: `the first change within ${formatDuration(most)}`,
  find({ history, inPhase: [first], phase }) {
    if (first === undefined) return { observed: 'no change in the fault phase', met: false };
    const after = decidedAt(history, first) - phase.started;
    return { observed: `the first change after ${formatDuration(after)}`, met: after <= most };
  },
});

/** The worst time from the decision for a change to the health of a container that the change made. */
const readyWithin = (most: number): Demand => ({
  expected: `new containers healthy within ${formatDuration(most)} of their change`,
  find({ history, service, inPhase }) {
    const lines = lifelines(history, service);
    const begins = inPhase.filter(({ action }) => action === 'scale_up').map((up) => decidedAt(history, up));
    const made = begins.flatMap((begun, i) =>
      lines
        .filter(({ created = NaN }) => created >= begun && created < (begins[i + 1] ?? Infinity))
        .map(({ healthy = Infinity }) => healthy - begun),
    );
    if (made.length === 0) return { observed: 'no new container was seen', met: undefined };
    const never = made.filter((ms) => ms === Infinity).length;
    if (never > 0) return { observed: `${never} of ${made.length} new containers were never healthy`, met: false };
    const worst = Math.max(...made);
    const observed = `new containers: ${made.length}, healthy after ${formatDuration(worst)} at most`;
    return { observed, met: worst <= most };
  },
});

const neverMore = (most: number): Demand => ({
  expected: `never more than ${most}`,
  find({ supply }) {
    const seen = mostOf(supply);
    return { observed: `at most ${seen} served at a time`, met: seen <= most };
  },
});

const neverFewer = (least: number): Demand => ({
  expected: `never fewer than ${least}`,
  find({ supply, changes: [first], phase }) {
    const from = first?.t ?? phase.started;
    const levels = supply.filter(({ t }) => t >= from && t <= phase.ended).map(({ instances }) => instances);
    const seen = Math.min(levelAt(supply, from) ?? 0, ...levels);
    return { observed: `at least ${seen} served at a time`, met: seen >= least };
  },
});

const flapAtMost = (most: number): Demand => ({
  expected: `flaps: at most ${most}`,
  find({ changes }) {
    const flaps = flapsOf(changes.map(({ t, action }) => ({ t, up: action === 'scale_up' })));
    return { observed: `flaps: ${flaps}`, met: flaps <= most };
  },
});

/** The cool-down begins when a change is carried out, and ends with the next decision. */
const pauseFor = (least: number): Demand => ({
  expected: `${formatDuration(least)} from change to change`,
  find({ history, changes }) {
    const pauses = changes.slice(1).map((next, i) => decidedAt(history, next) - (changes[i]?.t ?? NaN));
    if (pauses.length === 0) return { observed: 'fewer than two changes', met: true };
    const shortest = Math.min(...pauses);
    return { observed: `at least ${formatDuration(shortest)} between changes`, met: shortest >= least };
  },
});

const returnTo = (most: number): Demand => ({
  expected: `${most} again before the end of recovery`,
  find({ history, supply }) {
    const end = windowOf(history, 'recovery')?.ended;
    const last = end === undefined ? undefined : levelAt(supply, end);
    if (last === undefined) return { observed: 'there was no recovery phase', met: undefined };
    return { observed: `${last} served at the end of recovery`, met: last <= most };
  },
});

/** A change is carried out some time after it was decided. */
const decidedAt = (history: History, { t, group, from, to }: Scaled): number =>
  eventsOf(history, 'decided').findLast(
    (one) => one.service === group && one.from === from && one.to === to && one.t <= t,
  )?.t ?? t;
