import { z } from 'zod';
import { carriedBy, replicasFor, type CapacityPoint } from '../../core/capacity/demand.ts';
import { rateAt } from '../../core/load/arrivals.ts';
import { type History, windowOf } from '../../core/record/history.ts';
import { type Elasticity, elasticityOf, type Level } from '../../core/scaling/elasticity.ts';
import { percentage, requestRate } from '../../kit/schema.ts';
import type { Demand } from './facts.ts';

const atMost = (what: string) =>
  z
    .number()
    .min(0)
    .optional()
    .meta({ description: `${what}, at most` });
const shareAtMost = (what: string) =>
  percentage.optional().meta({ description: `${what}, at most`, examples: ['20%'] });

export const elasticityKeys = z
  .strictObject({
    carries: z
      .record(z.string().regex(/^[1-9]\d*$/, { error: 'write a number of containers: 3' }), requestRate)
      .refine((points) => Object.keys(points).length > 0, {
        error: 'write what a number of containers carries: { 1: 60/s }',
      })
      .meta({ description: 'The load that so many containers carry: `chaos autoscale calibrate` measures it' }),
    under: atMost('The containers that are missing, as the mean over the time'),
    over: atMost('The containers that are too many, as the mean over the time'),
    time_under: shareAtMost('The share of the time in which containers are missing'),
    time_over: shareAtMost('The share of the time in which containers are too many'),
    jitter: atMost('Changes of the containers less changes of the need, a minute'),
    instability: shareAtMost('The share of the time in which containers and need move in different directions'),
  })
  .refine(({ carries: _carries, ...limits }) => Object.values(limits).some((limit) => limit !== undefined), {
    error: 'write at least one limit: under: 0.5',
  })
  .meta({ examples: [{ carries: { 1: '60/s', 6: '340/s' }, under: 0.5, time_under: '10%' }] });

type Keys = z.output<typeof elasticityKeys>;

/** What a figure of elasticity is called, how it is written, and its value; shares in percent. */
const FIGURES = {
  under: { words: 'missing', write: fixed, of: ({ accuracy }: Elasticity) => accuracy.under },
  over: { words: 'too many', write: fixed, of: ({ accuracy }: Elasticity) => accuracy.over },
  time_under: { words: 'time with too few', write: percent, of: ({ timeshare }: Elasticity) => 100 * timeshare.under },
  time_over: { words: 'time with too many', write: percent, of: ({ timeshare }: Elasticity) => 100 * timeshare.over },
  jitter: { words: 'jitter a minute', write: fixed, of: ({ jitter }: Elasticity) => jitter },
  instability: { words: 'instability', write: percent, of: ({ instability }: Elasticity) => 100 * instability },
} as const;
const NAMES = Object.keys(FIGURES) as (keyof typeof FIGURES)[];

function fixed(value: number): string {
  return value.toFixed(2);
}
function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}

/**
 * Returns how many containers the load needs, from the beginning of its run to `until`: one level for each second in which
 * the need changes. Undefined when the load is beyond what was measured.
 */
function needOf(
  { plan, windows }: Pick<History, 'plan' | 'windows'>,
  points: readonly CapacityPoint[],
  until: number,
): readonly Level[] | undefined {
  const started = windows[0]?.started;
  if (started === undefined) return undefined;
  const levels: Level[] = [];
  for (let t = started; t < until; t += 1_000) {
    const instances = replicasFor(points, rateAt(plan.load.arrivals, t - started));
    if (instances === undefined) return undefined;
    if (levels.at(-1)?.instances !== instances) levels.push({ t, instances });
  }
  return levels;
}

/** SPEC's elasticity, from the beginning of the fault phase to the end of recovery. */
export function elastic(keys: Keys): Demand {
  const asked = NAMES.filter((name) => keys[name] !== undefined);
  const points = Object.entries(keys.carries).map(([n, ratePerS]) => ({ replicas: Number(n), ratePerS }));
  return {
    during: ['fault', 'recovery'],
    expected: `elasticity (${asked.map((name) => `${FIGURES[name].words}: at most ${FIGURES[name].write(keys[name] ?? 0)}`).join(', ')})`,
    find({ history, supply, phase }) {
      const until = windowOf(history, 'recovery')?.ended ?? phase.ended;
      if (history.plan.load.pressure !== undefined)
        return { observed: 'the load has a second stream, so nobody knows what it needs', met: undefined };
      const need = needOf(history, points, until);
      if (need === undefined) return { observed: beyond(points), met: undefined };
      const found = elasticityOf(supply, need, phase.started, until);
      const observed = NAMES.map((name) => `${FIGURES[name].words} ${FIGURES[name].write(FIGURES[name].of(found))}`);
      const met = asked.every((name) => FIGURES[name].of(found) <= (keys[name] ?? Infinity));
      return { observed: observed.join(', '), met };
    },
  };
}

function beyond(points: readonly CapacityPoint[]): string {
  const most = Math.max(...points.map(({ replicas }) => replicas));
  return `the load is more than ${most} containers carry (${carriedBy(points, most) ?? 0}/s), and nothing was measured beyond`;
}
