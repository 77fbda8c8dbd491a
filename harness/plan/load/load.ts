import { z } from 'zod';
import type { RateStage } from '../../core/load/arrivals.ts';
import { arrivalLoad, userLoad } from '../../core/load/plan.ts';
import type { LoadPlan, UserPlan, Workload } from '../../core/load/load.ts';
import { duration, percentageLike, requestRate, requestRateOrNone } from '../../kit/schema.ts';
import { ratePerUser } from '../../core/load/workload-rate.ts';
import type { Mismatch } from '../../core/plan/mismatch.ts';
import { mapOf } from '../source/map.ts';

/** Requests a second. No single process was seen to offer more. */
const MOST_PER_S = 50_000;
const TOO_FAST = `at most ${MOST_PER_S}/s can be offered from one process`;

const fastest = (perS: number): boolean => perS <= MOST_PER_S;

const rate = requestRate.refine(fastest, { error: TOO_FAST }).meta({
  description: 'Requests per unit of time: 278/s, 1000000/h',
  examples: ['278/s', '1000000/h'],
});
const rateOrNone = (description: string) =>
  requestRateOrNone
    .refine(fastest, { error: TOO_FAST })
    .optional()
    .meta({ description, examples: ['278/s'] });

/** A constant rate instead of what an experiment's own load says. */
export const otherRate = (use: string) =>
  rate.optional().meta({ description: `${use} at this constant rate instead of its own: 100/s`, examples: ['100/s'] });

/** One part of a load over time. */
export const stage = z
  .strictObject({
    at: rateOrNone('Changes the rate to this value at once and holds it'),
    to: rateOrNone('Changes the rate to this value in a straight line, from the rate of the stage before it or from 0'),
    for: duration
      .refine((ms) => ms > 0, { error: 'write a duration above 0: 10s' })
      .meta({ description: 'How long the stage lasts' }),
  })
  .superRefine(({ at, to }, ctx) => {
    if ((at === undefined) !== (to === undefined)) return;
    ctx.addIssue({ code: 'custom', message: 'a stage has one of the keys `at` (a jump) and `to` (a ramp)' });
  })
  .meta({
    examples: [
      { to: '278/s', for: '30s' },
      { at: '1000/s', for: '10s' },
    ],
  });

export const loadShape = z
  .strictObject({
    workload: z.string().meta({ description: 'A workload file, relative to this file' }),
    rate: rate.optional().meta({
      description: 'Requests per unit of time, at a constant rate: 278/s, 1000000/h',
      examples: ['278/s', '1000000/h'],
    }),
    stages: z
      .array(stage)
      .min(1)
      .optional()
      .meta({
        description:
          'Instead of `rate`: the rate over time, from the start of the warm-up. The last rate holds to the end',
        examples: [
          [
            { to: '278/s', for: '30s' },
            { at: '1000/s', for: '10s' },
            { at: '278/s', for: '10s' },
          ],
        ],
      }),
    arrivals: z.enum(['constant', 'poisson']).default('constant').meta({
      description: 'constant: evenly spaced. poisson: as independent users come. The same seed gives the same arrivals',
    }),
    virtual_users: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({
        description:
          "Instead of `rate`: the number of users, who send requests as often as the workload's frequencies say",
        examples: [50_000],
      }),
    ramp_up: duration.optional().meta({ description: 'The virtual users join evenly over this time' }),
    over: z
      .enum(['http', 'tls'])
      .default('http')
      .meta({ description: 'tls: the load goes to `x-chaos.tls`, and checks the certificate and its name' }),
    new_connections: percentageLike('10%')
      .refine((share) => share > 0 && share <= 100, { error: 'write a percentage above 0%, and 100% at most' })
      .optional()
      .meta({
        description:
          'The share of requests, drawn by the seed, that have a connection of their own; the others share connections that are kept',
        examples: ['10%'],
      }),
    timeout: duration
      .refine((ms) => ms > 0, { error: 'write a duration above 0: 5s' })
      .default(5_000)
      .meta({ description: 'A request that is not answered within this time is a failure' }),
    pressure: z
      .strictObject({
        virtual_users: z
          .int()
          .min(1)
          .max(10_000)
          .meta({ description: 'Number of closed-loop users. What they see is not judged' }),
        rate: rate.optional().meta({
          description: "Rate of all these users together; default: as often as the workload's frequencies say",
        }),
      })
      .optional()
      .meta({
        description:
          'autocannon users beside the judged requests: they only add load, and their writes are audited too',
      }),
  })
  .meta({ examples: [{ workload: 'workloads/saturday.yaml', rate: '278/s' }] });

export type LoadBlock = z.output<typeof loadShape>;

const WAYS = ['rate', 'stages', 'virtual_users'] as const;

/** Returns a load, as it is written, at a constant rate; without a rate, the load itself. */
export function atRate(written: unknown, perS: number | undefined): unknown {
  if (perS === undefined) return written;
  const rest = Object.entries(mapOf(written)).filter(([key]) => key !== 'ramp_up' && !WAYS.some((way) => way === key));
  // An hour, because a rate as text begins with a whole number: 30/min is 0.5/s.
  return { ...Object.fromEntries(rest), rate: `${Number((perS * 3_600).toFixed(6))}/h` };
}

/** Returns the users that a load block or the workload's own test asks for. Undefined when there are none. */
function usersOf(load: LoadBlock, workload: Workload): UserPlan | undefined {
  if (load.virtual_users !== undefined) return { count: load.virtual_users, rampUpMs: load.ramp_up ?? 0 };
  if (load.rate !== undefined || load.stages !== undefined || workload.test === undefined) return undefined;
  return { count: workload.test.virtualUsers, rampUpMs: load.ramp_up ?? workload.test.rampUpMs };
}

/**
 * Returns the mistakes of a load that no schema finds: it is given in two ways or in none, it sends nothing, or it is
 * more than one process can offer.
 */
export function loadMismatches(load: LoadBlock, workload: Workload | undefined): Mismatch[] {
  const given = WAYS.filter((key) => load[key] !== undefined);
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    const message = `"load.${first}" and "load.${second}" both say how much is sent`;
    return [{ path: ['load', second], code: 'CHAOS_LOAD_TWICE', message, hint: `Keep one of ${WAYS.join(', ')}.` }];
  }
  if (first === undefined && workload?.test === undefined) {
    const hint = 'Write rate: 278/s. Or a list of stages, or virtual_users: 50000.';
    return [{ path: ['load', 'rate'], code: 'CHAOS_MISSING_KEY', message: '"load.rate" is missing', hint }];
  }
  if (load.stages?.every(({ at, to }) => (at ?? to) === 0) === true) {
    const hint = 'Give at least one stage a rate above 0.';
    return [{ path: ['load', 'stages'], code: 'CHAOS_WRONG_VALUE', message: 'these stages send nothing', hint }];
  }
  if (workload === undefined) return [];
  const users = usersOf(load, workload);
  const where = first ?? 'workload';
  if (users === undefined && load.ramp_up !== undefined) {
    const hint = `Only virtual_users ramp up: write the ramp as a stage, { to: ..., for: ... }.`;
    return [
      {
        path: ['load', 'ramp_up'],
        code: 'CHAOS_LOAD_TWICE',
        message: `"load.${where}" has no users who could join`,
        hint,
      },
    ];
  }
  const perS = (users?.count ?? 0) * ratePerUser(workload);
  if (perS <= MOST_PER_S) return [];
  const message = `${users?.count ?? 0} users of this workload make ${Math.round(perS)} requests a second: ${TOO_FAST}`;
  const most = Math.floor(MOST_PER_S / ratePerUser(workload));
  return [{ path: ['load', where], code: 'CHAOS_WRONG_VALUE', message, hint: `Write ${most} users or fewer.` }];
}

/** Returns the stages as the generator has them: each begins at the rate at which the one before it ended. */
export function stagesOf(stages: readonly z.output<typeof stage>[]): RateStage[] {
  let rate = 0;
  return stages.map(({ at, to, for: ms }) => {
    const from = at ?? rate;
    rate = at ?? to ?? 0;
    return { ms, from, to: rate };
  });
}

/** Returns the plan of a load block without mistakes. */
export function loadPlan(load: LoadBlock, workload: Workload): LoadPlan {
  const { rate: perS = 0, stages, arrivals: process, timeout, pressure, over, new_connections: share = 0 } = load;
  const users = usersOf(load, workload);
  const stageList = stages === undefined ? [{ ms: 0, from: perS, to: perS }] : stagesOf(stages);
  const plan: LoadPlan = {
    ...(users === undefined
      ? arrivalLoad(workload, { process, stages: stageList }, timeout)
      : userLoad(workload, users, timeout)),
    ...(over === 'tls' ? { overTls: true } : {}),
    ...(share === 0 ? {} : { newConnections: share / 100 }),
  };
  if (pressure === undefined) return plan;
  const ratePerS = pressure.rate ?? pressure.virtual_users * ratePerUser(workload);
  return { ...plan, pressure: { virtualUsers: pressure.virtual_users, ratePerS } };
}
