import { type Random, seededRandom } from '../../harness/core/random.ts';
import { median } from '../../harness/core/stats.ts';
import { type Answer, changeToAsk, CLEARLY_BEFORE } from '../../harness/core/trend/ask.ts';
import { type ChangePoint, changePoints, type Sensitivity } from '../../harness/core/trend/change-points.ts';
import { confirmChange, residualsOf } from '../../harness/core/trend/confirm.ts';

/** How a simulated series is watched. */
export interface Watch {
  readonly sensitivity: Sensitivity;
  /** How many reruns of each side are made before an alarm. 0: each change point is an alarm. */
  readonly reruns: number;
}

/** What becomes of simulated series. Shares are 0 to 1. */
export interface Nights {
  /** The share of series with an alarm before anything has changed. */
  readonly alarmed: number;
  /** The share of series whose change was found. */
  readonly found: number;
  /** The median of the nights from the change to its alarm, the night of the change included. */
  readonly medianNights: number | undefined;
  /** How many times reruns were made in a series, as the mean. */
  readonly asked: number;
}

interface Simulated {
  /** The change as a share: 0.2 for +20 %. 0: nothing changes. */
  readonly effect: number;
  readonly watch: Watch;
  /** Default: 1,000, five times as many as in the note that asked for them, whose shares are uncertain by a percent. */
  readonly series?: number;
  readonly nights?: number;
}

const CHANGES_AT = 60;
/** Residuals vary by this share, and this share of the nights has a spike. */
const VARIATION = 0.05;
const SPIKES = 0.02;
const SPIKE = 1.5;

/** A standard normal variable (Box and Muller, 1958). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The value of one night, as in the note that the table of docs/trends.md comes from. */
export function nightValue(random: Random, mean: number): number {
  const value = mean * (1 + VARIATION * normal(random));
  return random() < SPIKES ? value * SPIKE : value;
}

/** Simulates series night by night. Each night sees the values up to this night, and no later value. */
export function simulateNights({ effect, watch, series = 1_000, nights = 100 }: Simulated): Nights {
  const all = Array.from({ length: series }, (_, i) =>
    simulateOne(seededRandom(i * 7_919 + Math.round(effect * 1_000) + 1), effect, watch, nights),
  );
  const found = all.flatMap(({ found }) => found ?? []);
  return {
    alarmed: all.filter(({ alarmed }) => alarmed).length / series,
    found: found.length / series,
    medianNights: median(found),
    asked: all.reduce((sum, { asked }) => sum + asked, 0) / series,
  };
}

function simulateOne(random: Random, effect: number, watch: Watch, nights: number) {
  const meanOf = (night: number): number => (effect !== 0 && night >= CHANGES_AT ? 100 * (1 + effect) : 100);
  const values: number[] = [];
  let [asked, alarmed] = [0, false];
  let last: Answer | undefined;
  for (let night = 0; night < nights; night += 1) {
    values.push(nightValue(random, meanOf(night)));
    const points = changePoints(values, watch.sensitivity);
    const change = changeToAsk(points, values.length, last);
    if (change === undefined) continue;
    asked += 1;
    last = { values: values.length, p: change.p };
    if (!isReal(change, points, values, watch, (at) => nightValue(random, meanOf(at)))) continue;
    if (effect !== 0 && night >= CHANGES_AT) return { alarmed, asked, found: night - CHANGES_AT + 1 };
    alarmed = true;
  }
  return { alarmed, asked, found: undefined };
}

/** Whether reruns confirm a change. Without reruns, every change counts. */
function isReal(
  change: ChangePoint,
  points: readonly ChangePoint[],
  values: readonly number[],
  { sensitivity, reruns }: Watch,
  rerun: (night: number) => number,
): boolean {
  if (reruns === 0) return true;
  const many = (night: number): number[] => Array.from({ length: reruns }, () => rerun(night));
  const residuals = residualsOf(
    values,
    points.map(({ at }) => at),
  );
  const [before, now] = [many(Math.max(0, change.at - CLEARLY_BEFORE)), many(values.length - 1)];
  return confirmChange(change, { before, now }, residuals, sensitivity).confirmed;
}
