import { z } from 'zod';
import { defineController, type TimedReading } from '../core/kinds/controller.ts';
import type { Figure, ScalingMetric } from '../core/record/scaling.ts';
import { scalingConfig } from '../kit/scaling/config.ts';
import { mean } from '../core/stats.ts';
import { decideScaling } from '../core/scaling/decide.ts';
import { whyScaled } from '../kit/scaling/words.ts';

const params = scalingConfig({
  service: z.string().meta({ description: 'A service of the topology', examples: ['app'] }),
});

/**
 * Makes one figure of a group from the readings of its containers. A container that is gone leaves its last reading:
 * readings that are too old do not count, unless all are.
 */
function figureOf(
  metric: ScalingMetric,
  readings: readonly TimedReading[],
  { t, staleAfter }: { readonly t: number; readonly staleAfter: number },
  value: (values: readonly number[]) => number,
): readonly Figure[] {
  const age = (reading: TimedReading): number => (t - reading.t) / 1_000;
  const fresh = readings.filter((reading) => age(reading) <= staleAfter);
  const used = fresh.length > 0 ? fresh : readings;
  if (used.length === 0) return [];
  return [{ metric, value: value(used.map((reading) => reading.value)), age: Math.max(...used.map(age)) }];
}

export default defineController({
  name: 'autoscale',
  summary: 'Gives a service more or fewer containers by its CPU, memory, response time, requests and waiting jobs.',
  params,
  example: { service: 'app', minInstances: 3, maxInstances: 12 },
  everyMs: 5_000,
  service: ({ service }) => service,
  most: ({ maxInstances }) => maxInstances,
  describe: ({ service, minInstances, maxInstances }) =>
    `scales ${service} between ${minInstances} and ${maxInstances} replicas`,
  reads: ({ service, jobsPerInstance }) => [
    { name: 'cpu', of: service },
    { name: 'memory', of: service },
    { name: 'latency_p95' },
    { name: 'asked' },
    ...(jobsPerInstance === undefined ? [] : [{ name: 'queue_depth', of: service }]),
  ],
  decide({ service, ...config }, { t, replicas, cores, readings, past }) {
    const when = { t, staleAfter: config.staleAfter };
    const figures: readonly Figure[] = [
      ...figureOf('cpu', readings({ name: 'cpu', of: service }), when, (each) => mean(each) / cores),
      ...figureOf('memory', readings({ name: 'memory', of: service }), when, mean),
      ...figureOf('response_time', readings({ name: 'latency_p95' }), when, mean),
      ...figureOf('requests', readings({ name: 'asked' }), when, mean),
      // Every worker counts the jobs of all.
      ...figureOf('queue', readings({ name: 'queue_depth', of: service }), when, (each) => Math.max(...each)),
    ];
    const changed = past.findLast(({ carriedOut }) => carriedOut !== undefined)?.carriedOut;
    const since = t - config.stabilityWindow * 1_000;
    const wishes = past.flatMap(({ t: at, decision: { scaling } }) =>
      at > since && scaling?.decision.wish !== undefined ? [{ t: at / 1_000, instances: scaling.decision.wish }] : [],
    );
    const situation = {
      t: t / 1_000,
      instances: replicas,
      figures,
      ...(changed === undefined ? {} : { changed: changed / 1_000 }),
      wishes,
    };
    const decision = decideScaling(config, situation);
    const { metric = 'cpu', value = 0, threshold = 0 } = decision.trigger ?? {};
    return {
      replicas: decision.targetInstances,
      why: whyScaled(service, decision),
      metric,
      value,
      threshold,
      scaling: { config, situation, decision },
    };
  },
});
