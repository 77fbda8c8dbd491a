import { forecast, type Demand, type Forecast } from '../../harness/core/capacity/forecast.ts';
import { isRefusal, type Refusal } from '../../harness/core/capacity/refusal.ts';
import { namedRandom, type Random } from '../../harness/core/random.ts';

const WEEK_MS = 7 * 86_400_000;
const BEGIN = Date.UTC(2026, 0, 3);

/** A made-up history of weekly peaks, and when its growth really reaches the capacity. */
interface History {
  readonly points: readonly Demand[];
  readonly capacity: number;
  readonly truth: number;
}

/** A standard normal variable (Box and Muller, 1958). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Makes a history: 10 to 60 weeks, growth as a line or exponential, values that vary by 2 to 8 % about it. In every second history
 * each week depends on the week before (correlation 0.3).
 */
function madeUp(seed: number): History {
  const random = namedRandom(seed, 'history');
  const weeks = 10 + Math.floor(50 * random());
  const growth = 0.2 + 0.8 * random();
  const exponential = random() < 0.5;
  const spread = 0.02 + 0.06 * random();
  const depends = seed % 2 === 0 ? 0.3 : 0;
  const from = 100 + 400 * random();
  const at = (week: number): number =>
    exponential ? from * (1 + growth) ** (week / weeks) : from * (1 + (growth * week) / weeks);
  let off = normal(random);
  const points = Array.from({ length: weeks }, (_, week) => {
    off = depends * off + Math.sqrt(1 - depends ** 2) * normal(random);
    return { t: BEGIN + week * WEEK_MS, value: at(week) * (1 + spread * off) };
  });
  const when = weeks * (1.1 + 0.6 * random());
  return { points, capacity: at(when), truth: BEGIN + when * WEEK_MS };
}

export interface Foretold {
  readonly history: History;
  readonly found: Forecast | Refusal;
}

export const foretold = (seed: number): Foretold => {
  const history = madeUp(seed);
  return { history, found: forecast(history.points, { capacity: history.capacity, confidence: 0.9 }) };
};

/** Undefined: the forecast was refused. */
export function holdsDate({ history: { truth }, found }: Foretold): boolean | undefined {
  if (isRefusal(found)) return undefined;
  return found.first <= truth && truth <= (found.last ?? Infinity);
}
