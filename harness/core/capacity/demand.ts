/** So many replicas carry so many requests a second within the objective. */
export interface CapacityPoint {
  readonly replicas: number;
  readonly ratePerS: number;
}

/**
 * Returns the requests a second that `replicas` replicas carry: linear between two measured points, and below the smallest
 * point in proportion to it. Beyond the largest point nothing was measured: undefined. The order of the points does not
 * matter; no two points have the same number of replicas.
 */
export function carriedBy(points: readonly CapacityPoint[], replicas: number): number | undefined {
  const above = lowest(points.filter((point) => point.replicas >= replicas));
  if (above === undefined || replicas < 0) return undefined;
  const below = highest(points.filter((point) => point.replicas < replicas)) ?? { replicas: 0, ratePerS: 0 };
  if (above.replicas === below.replicas) return above.ratePerS;
  const share = (replicas - below.replicas) / (above.replicas - below.replicas);
  return below.ratePerS + (above.ratePerS - below.ratePerS) * share;
}

/**
 * Returns the smallest whole number of replicas, at least one, that carries `ratePerS` requests a second. Undefined when no
 * number up to the largest point carries the rate: nothing was measured beyond it.
 */
export function replicasFor(points: readonly CapacityPoint[], ratePerS: number): number | undefined {
  const most = highest(points)?.replicas ?? 0;
  for (let replicas = 1; replicas <= most; replicas++) {
    const carried = carriedBy(points, replicas);
    // A rate that lies on a point must not cost one replica more because of the last digit of a sum.
    if (carried !== undefined && carried >= ratePerS - ratePerS * 1e-9) return replicas;
  }
  return undefined;
}

const lowest = (points: readonly CapacityPoint[]): CapacityPoint | undefined =>
  points.reduce<CapacityPoint | undefined>(
    (found, point) => (found === undefined || point.replicas < found.replicas ? point : found),
    undefined,
  );

const highest = (points: readonly CapacityPoint[]): CapacityPoint | undefined =>
  points.reduce<CapacityPoint | undefined>(
    (found, point) => (found === undefined || point.replicas > found.replicas ? point : found),
    undefined,
  );
