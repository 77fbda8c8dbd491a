import { resolve } from 'node:path';
import type { KneeOptions } from '../../core/capacity/knee.ts';
import type { Objective } from '../../core/capacity/step.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Workload } from '../../core/load/load.ts';
import { overdrawn } from '../../core/topology/connections.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { World } from '../../core/world.ts';
import { duration, percentageLike, requestRate } from '../../kit/schema.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { readWorkload, whyFixed } from '../../plan/index.ts';
import { badFile } from './bad-file.ts';
import { badFlag } from './load-options.ts';

export interface CalibrateFlags {
  readonly service: string;
  readonly workload: string;
  readonly replicas: string;
  readonly p95: string;
  readonly errors: string;
  readonly from: string;
  readonly most: string;
  readonly within: string;
  readonly minutes: string;
  readonly timeout: string;
  readonly seed: string;
}

/** What a calibration is to do, from flags without a mistake. */
export interface CalibrateAskedFor {
  readonly service: string;
  readonly workload: Workload;
  readonly counts: readonly number[];
  readonly objective: Objective;
  readonly limits: KneeOptions;
  readonly mostMs: number;
  readonly timeoutMs: number;
  readonly seed: number;
}

/** As many as a controller can ask for. */
const MOST_REPLICAS = 50;
/** Requests a second. No single process was seen to offer more. */
const MOST_PER_S = 50_000;
/** Requests a second. Below this rate the bounds of a step would need too long. */
const LEAST_PER_S = 5;
const MOST_MINUTES = 24 * 60;
const MOST_SEED = 4_294_967_295;

/**
 * Reads the flags. Throws the first mistake in them: CHAOS_USAGE, CHAOS_UNKNOWN_SERVICE, CHAOS_WRONG_VALUE for a service
 * with a fixed number of containers, CHAOS_CONNECTIONS, or BadExperiment with the mistakes of the workload file.
 */
export function calibrateAsked(flags: CalibrateFlags, spec: TopologySpec, world: World): CalibrateAskedFor {
  const service = serviceOf(flags.service, spec);
  const counts = countsOf(flags.replicas);
  const [over] = overdrawn(spec, { [service]: Math.max(...counts) });
  if (over !== undefined)
    throw new ChaosError('CHAOS_CONNECTIONS', { what: over.message, hint: over.hint, exit: 'bad-input' });
  const p95Ms = durationOf('--p95', flags.p95);
  const timeoutMs = durationOf('--timeout', flags.timeout);
  if (timeoutMs <= p95Ms)
    throw badFlag(`--timeout ${flags.timeout} is not above --p95 ${flags.p95}`, 'A slow answer must be able to come.');
  const [fromPerS, mostPerS] = [rateOf('--from', flags.from), rateOf('--most', flags.most)];
  if (fromPerS > mostPerS) throw badFlag(`--from ${flags.from} is above --most ${flags.most}`, 'Begin lower.');
  const errors = shareOf('--errors', flags.errors, '1%');
  const ratio = shareOf('--within', flags.within, '10%');
  if (ratio < 0.01) throw badFlag(`--within ${flags.within} is below 1%`, 'Write 1% or more: rates have four digits.');
  const workload = readWorkload(resolve(world.cwd, flags.workload), 'unaudited');
  if (!('scenarios' in workload)) throw badFile(workload, world);
  return {
    service,
    workload,
    counts,
    objective: { p95Ms, errors },
    limits: { fromPerS, leastPerS: Math.min(LEAST_PER_S, fromPerS), mostPerS, ratio },
    mostMs: wholeOf('--minutes', flags.minutes, 1, MOST_MINUTES) * 60_000,
    timeoutMs,
    seed: wholeOf('--seed', flags.seed, 0, MOST_SEED),
  };
}

function serviceOf(name: string, { services }: TopologySpec): string {
  const found = services[name];
  if (found === undefined) {
    throw new ChaosError('CHAOS_UNKNOWN_SERVICE', {
      what: `the topology has no service "${name}"`,
      hint: didYouMean(name, Object.keys(services)),
      exit: 'bad-input',
    });
  }
  const why = whyFixed(found);
  if (why === undefined) return name;
  throw new ChaosError('CHAOS_WRONG_VALUE', {
    what: `"${name}" ${why}`,
    hint: 'Name a service whose containers are all alike, each once: app, worker.',
    exit: 'bad-input',
  });
}

/** Returns the numbers of replicas, the lowest first. */
function countsOf(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  const counts = parts.map(Number);
  const bad = parts.find((part, i) => {
    const count = counts[i] ?? NaN;
    return !/^\d+$/.test(part) || count < 1 || count > MOST_REPLICAS;
  });
  if (bad !== undefined || new Set(counts).size < counts.length)
    throw badFlag(
      `--replicas ${text} is no list of numbers of replicas`,
      `Write for example 1,2,4: whole numbers from 1 to ${MOST_REPLICAS}, each once.`,
    );
  return counts.toSorted((a, b) => a - b);
}

function durationOf(flag: string, text: string): number {
  const ms = duration.safeParse(text).data ?? 0;
  if (ms <= 0) throw badFlag(`${flag} ${text} is no duration`, 'Write for example 200ms or 5s.');
  return ms;
}

function rateOf(flag: string, text: string): number {
  const perS = requestRate.safeParse(text).data ?? 0;
  if (perS <= 0 || perS > MOST_PER_S)
    throw badFlag(`${flag} ${text} is no rate`, `Write for example 40/s, and at most ${MOST_PER_S}/s.`);
  return perS;
}

function shareOf(flag: string, text: string, example: string): number {
  const percent = percentageLike(example).safeParse(text).data ?? 0;
  if (percent <= 0 || percent >= 100)
    throw badFlag(`${flag} ${text} is no share`, `Write for example ${example}: above 0%, below 100%.`);
  return percent / 100;
}

function wholeOf(flag: string, text: string, least: number, most: number): number {
  const n = Number(text);
  if (!/^\d+$/.test(text) || n < least || n > most)
    throw badFlag(`${flag} ${text} is no such number`, `Write a whole number from ${least} to ${most}.`);
  return n;
}
