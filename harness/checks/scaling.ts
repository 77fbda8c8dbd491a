import { z } from 'zod';
import { defineCheck } from '../core/kinds/check.ts';
import type { CheckResult } from '../core/kinds/check-result.ts';
import { eventsOf, windowOf } from '../core/record/history.ts';
import { supplyOf, toldAll } from '../core/scaling/supply.ts';
import { duration } from '../kit/schema.ts';
import { elastic, elasticityKeys } from './scaling/elasticity.ts';
import {
  ANY_CHANGE,
  decideWithin,
  flapAtMost,
  neverFewer,
  neverMore,
  pauseFor,
  reach,
  readyWithin,
  returnTo,
  saturation,
  serveWithin,
} from './scaling/engine.ts';
import type { Demand } from './scaling/facts.ts';

const count = (what: string) => z.int().min(0).optional().meta({ description: what });
const time = (what: string) => duration.optional().meta({ description: what, examples: ['30s'] });

const shape = z.strictObject({
  service: z.string().meta({ description: 'The service that is scaled', examples: ['app'] }),
  reaches: count('So many containers serve at the same time, in the fault phase'),
  within: time('How soon after the beginning of the fault phase they do'),
  decision_lag: time('The longest from the beginning of the fault phase to the first change'),
  readiness_lag: time('The longest from a change to the moment when a container that it made is healthy'),
  serving_lag: time('The longest from a change to the first answer of a container that it made'),
  most: count('Never more containers serve at the same time'),
  least: count('Never fewer containers serve at the same time, from the first change to the end of the fault phase'),
  flaps: count('How often it may change its direction twice within ten minutes'),
  cooldown: time('The least from one change to the next'),
  returns_to: count('So few containers serve again before the end of the recovery phase'),
  elasticity: elasticityKeys.optional().meta({ description: 'How close the containers were to what the load needs' }),
});

const params = shape.refine(({ reaches, within }) => within === undefined || reaches !== undefined, {
  path: ['within'],
  error: 'write also reaches: how many serve within this time',
});

type Params = z.output<typeof params>;

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
    const demands = demandsOf(p);
    const during = phasesOf(demands);
    const phase = windowOf(history, 'fault');
    const unknown = (observed: string): CheckResult[] => [{ ...result, during, verdict: 'INCONCLUSIVE', observed }];
    if (phase === undefined) return unknown('there was no fault phase');
    if (!toldAll(history)) return unknown('the engine did not tell all the time what became of the containers');
    const inPhase = changes.filter(({ t }) => t >= phase.started && t <= phase.ended);
    const facts = { history, service, changes, inPhase, supply: supplyOf(history, service), phase };
    const findings = demands.map(({ find }) => find(facts));
    const told = [...findings.map((finding) => finding.observed), saturation(facts)];
    const observed = told.filter((text) => text !== undefined).join('; ');
    if (findings.some(({ met }) => met === false)) return [{ ...result, during, verdict: 'FAIL', observed }];
    if (findings.some(({ met }) => met === undefined)) return unknown(observed);
    return [{ ...result, during, verdict: 'PASS', observed }];
  },
});

/** The phases at which the demands look, in their order. */
const phasesOf = (demands: readonly Demand[]): CheckResult['during'] =>
  (['fault', 'recovery'] as const).filter((phase) => demands.some(({ during = ['fault'] }) => during.includes(phase)));

const expectation = (p: Params): string =>
  demandsOf(p)
    .map(({ expected }) => expected)
    .join(', ');

/** Returns what the parameters ask for; without any demand, at least one change. */
function demandsOf(p: Params): readonly Demand[] {
  const demands: Demand[] = [];
  const {
    reaches,
    within,
    decision_lag,
    readiness_lag,
    serving_lag,
    elasticity,
    most,
    least,
    flaps,
    cooldown,
    returns_to,
  } = p;
  if (reaches !== undefined) demands.push(reach(reaches, within));
  if (decision_lag !== undefined) demands.push(decideWithin(decision_lag));
  if (readiness_lag !== undefined) demands.push(readyWithin(readiness_lag));
  if (serving_lag !== undefined) demands.push(serveWithin(serving_lag));
  if (most !== undefined) demands.push(neverMore(most));
  if (least !== undefined) demands.push(neverFewer(least));
  if (flaps !== undefined) demands.push(flapAtMost(flaps));
  if (cooldown !== undefined) demands.push(pauseFor(cooldown));
  if (returns_to !== undefined) demands.push(returnTo(returns_to));
  if (elasticity !== undefined) demands.push(elastic(elasticity));
  return demands.length > 0 ? demands : [ANY_CHANGE];
}
