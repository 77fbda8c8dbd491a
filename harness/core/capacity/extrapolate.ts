import { type Random, seededRandom } from '../random.ts';
import type { Refusal } from './refusal.ts';

/** What some replicas carry: requests a second, with the interval that holds it with 90 %. */
export interface ReplicaKnee {
  readonly replicas: number;
  readonly ratePerS: number;
  readonly low: number;
  readonly high: number;
}

/** Universal Scalability Law (Gunther, 1993): c n / (1 + a (n - 1) + b n (n - 1)). */
export interface Usl {
  /** Requests a second of one replica. */
  readonly c: number;
  /** Contention: the share of the work that replicas do one after another. */
  readonly a: number;
  /** Coherency: what each pair of replicas costs. */
  readonly b: number;
}

export interface Extrapolated extends ReplicaKnee {
  /** Whether nobody measured this number, nor one above it. */
  readonly beyond: boolean;
}

export interface Extrapolation {
  readonly usl: Usl;
  /** The number of replicas that carries most. Infinity when each replica adds something. */
  readonly most: number;
  /** The largest measured number, and what the others say about it. */
  readonly leftOut: { readonly measured: ReplicaKnee; readonly predicted: ReplicaKnee };
  at(replicas: number): Extrapolated;
}

const LEAST = 4;
/** An interval that is wider than this share of its rate says nothing that one could plan with. */
const WIDEST = 0.2;
const CONFIDENCE = 0.9;
/** The normal quantile of 95 %: half of a 90 % interval. */
const Z95 = 1.6448536;
const DRAWS = 400;

export const uslRate = ({ c, a, b }: Usl, n: number): number => (c * n) / (1 + a * (n - 1) + b * n * (n - 1));

/**
 * Fits the Universal Scalability Law to what some numbers of replicas carry, and returns what other numbers would carry. The
 * interval comes from 400 seeded draws: each moves the measured rates within their own intervals (widened when the law does
 * not pass through them), and fits again. Refuses fewer than four numbers, and a law that does not predict the largest
 * measured number from the others.
 */
export function extrapolate(points: readonly ReplicaKnee[], seed: number): Extrapolation | Refusal {
  const sorted = points.toSorted((a, b) => a.replicas - b.replicas);
  const largest = sorted.at(-1);
  if (largest === undefined || sorted.length < LEAST)
    return {
      code: 'CHAOS_EXTRAPOLATION_TOO_FEW',
      message: `${points.length} numbers of replicas were measured, and at least ${LEAST} are needed`,
    };
  const without = modelOf(sorted.slice(0, -1), seed);
  const predicted = without.at(largest.replicas);
  if (predicted.high < largest.low || predicted.low > largest.high)
    return {
      code: 'CHAOS_EXTRAPOLATION_WRONG',
      message: `the others say that ${largest.replicas} replicas carry ${text(predicted)}, and measured was ${text(largest)}`,
    };
  const { usl, at } = modelOf(sorted, seed);
  return {
    usl,
    most: usl.b === 0 ? Infinity : Math.max(1, Math.sqrt((1 - usl.a) / usl.b)),
    leftOut: { measured: largest, predicted },
    at: (replicas) => ({ ...at(replicas), beyond: replicas > largest.replicas }),
  };
}

const text = ({ ratePerS, low, high }: ReplicaKnee): string =>
  `${Number(ratePerS.toPrecision(3))}/s (${Number(low.toPrecision(3))} to ${Number(high.toPrecision(3))})`;

export const widthOf = ({ ratePerS, low, high }: ReplicaKnee): number => (high - low) / ratePerS;

/**
 * Returns the smallest number of replicas whose interval is above a rate, or why nobody can say.
 */
export function replicasNeeded(model: Extrapolation, ratePerS: number, mostReplicas: number): Extrapolated | Refusal {
  for (let n = 1; n <= mostReplicas; n += 1) {
    const found = model.at(n);
    if (found.beyond && widthOf(found) > WIDEST)
      return {
        code: 'CHAOS_EXTRAPOLATION_WIDE',
        message: `${n} replicas carry ${text(found)}: the interval is wider than ${100 * WIDEST} %, and ${ratePerS}/s lies beyond`,
      };
    if (found.low >= ratePerS) return found;
    if (n > model.most)
      return {
        code: 'CHAOS_EXTRAPOLATION_NEVER',
        message: `no number of replicas carries ${ratePerS}/s for certain: most is carried by ${Math.round(model.most)}, ${text(model.at(Math.round(model.most)))}`,
      };
  }
  return {
    code: 'CHAOS_EXTRAPOLATION_NEVER',
    message: `${mostReplicas} replicas do not carry ${ratePerS}/s, and no larger number was allowed`,
  };
}

interface Model {
  readonly usl: Usl;
  readonly at: (replicas: number) => ReplicaKnee;
}

function modelOf(points: readonly ReplicaKnee[], seed: number): Model {
  const usl = fitUsl(points.map(({ replicas, ratePerS }) => [replicas, ratePerS]));
  const errors = points.map(({ low, high }) => Math.log(high / low) / (2 * Z95));
  const off = points.map(({ replicas, ratePerS }, i) => Math.log(ratePerS / uslRate(usl, replicas)) / (errors[i] ?? 1));
  const freedom = Math.max(1, points.length - 3);
  // The law is no better than this, however narrow the measured intervals are.
  const wider = Math.max(1, Math.sqrt(off.reduce((sum, o) => sum + o * o, 0) / freedom));
  const random = seededRandom(seed);
  const draws = Array.from({ length: DRAWS }, () =>
    fitUsl(
      points.map(({ replicas, ratePerS }, i): [number, number] => [
        replicas,
        ratePerS * Math.exp(wider * (errors[i] ?? 0) * normal(random)),
      ]),
    ),
  );
  return {
    usl,
    at: (replicas) => {
      const rates = draws.map((drawn) => uslRate(drawn, replicas)).toSorted((a, b) => a - b);
      const rank = (share: number): number => rates[Math.floor(share * (DRAWS - 1))] ?? NaN;
      const ratePerS = uslRate(usl, replicas);
      const [low, high] = [rank((1 - CONFIDENCE) / 2), rank((1 + CONFIDENCE) / 2)];
      return { replicas, ratePerS, low: Math.min(low, ratePerS), high: Math.max(high, ratePerS) };
    },
  };
}

/** A standard normal variable (Box and Muller, 1958). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Fits the law by least squares of relative errors: n / rate is linear in its parameters. Contention and coherency cannot be
 * below 0: where the free fit has one below, it is left out.
 */
export function fitUsl(points: readonly (readonly [replicas: number, ratePerS: number])[]): Usl {
  const columns = [(_n: number) => 1, (n: number) => n - 1, (n: number) => n * (n - 1)] as const;
  let best: { readonly usl: Usl; readonly error: number } | undefined;
  for (const [withA, withB] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const used = columns.filter((_, i) => i === 0 || (i === 1 ? withA : withB));
    const rows = points.map(([n, rate]) => used.map((column) => (column(n) * rate) / n));
    const solved = leastSquares(rows);
    if (solved === undefined || solved.some((value, i) => value < 0 || (i === 0 && value <= 0))) continue;
    const [base = 1, second = 0, third = 0] = solved;
    const [a, b] = withA ? [second, third] : [0, second];
    const usl = { c: 1 / base, a: a / base, b: (withB ? b : 0) / base };
    const error = rows.reduce((sum, row) => sum + (row.reduce((s, x, i) => s + x * (solved[i] ?? 0), 0) - 1) ** 2, 0);
    if (best === undefined || error < best.error) best = { usl, error };
  }
  if (best === undefined) throw new TypeError('rates above 0 can always be fitted by a line');
  return best.usl;
}

/** Returns the weights that bring the sum of each row closest to 1 (normal equations, Gauss). Undefined when rows are too few. */
function leastSquares(rows: readonly (readonly number[])[]): number[] | undefined {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
    rows.reduce((sum, row) => sum + (row[i] ?? 0), 0),
  ]);
  for (let i = 0; i < size; i += 1) {
    const pivot = matrix[i] as number[];
    if (Math.abs(pivot[i] ?? 0) < 1e-9) return undefined;
    for (const [j, row] of matrix.entries()) {
      if (j === i) continue;
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1);
      for (let k = i; k <= size; k += 1) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return matrix.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}
