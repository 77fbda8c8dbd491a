import type { Workload } from '../../../harness/core/load/load.ts';
import type { Stack } from '../../helpers/stack.ts';
import { atRates, GOOD_MS, type Step } from './figures.ts';
import { kneeOf, nextRate } from './knee.ts';
import { SIDES, type SideName } from './side.ts';
import { idleCpu, measureStep, memoryMib } from './step.ts';

export interface MeasureOptions {
  readonly stacks: Readonly<Record<SideName, Stack>>;
  /** Requests a second, the lowest first. */
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly repeats: number;
  /** How many rates between two others are tried for each side, to find its knee. */
  readonly closer: number;
  /** Nothing new begins after this moment of performance.now(). */
  readonly until: number;
  readonly workload: Workload;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly steps: Readonly<Record<SideName, readonly Step[]>>;
  /** What the topologies use while nobody asks them anything. */
  readonly idle: Readonly<Record<SideName, Idle>>;
  /** What was left out for lack of time, for people. */
  readonly leftOut: readonly string[];
}

interface Idle {
  /** Percent of one core. */
  readonly cpu: number;
  readonly memoryMib: number;
}

const OTHER: Readonly<Record<SideName, SideName>> = { before: 'after', after: 'before' };
/** Health checks come in bursts, so idle topologies sometimes use more than their mean. */
const QUIET = { times: 1.5, more: 15 };

/** Measures both sides, one after the other at each rate, so that what changes on the machine meets both. */
export async function measureBoth(options: MeasureOptions): Promise<Measured> {
  const measuring = new Measuring(options);
  await measuring.sweep(options.rates, 1);
  await measuring.closeIn();
  await measuring.twice(1);
  // The second time from the highest rate to the lowest: a slow drift of the machine would else look like a knee.
  for (let repeat = 2; repeat <= options.repeats; repeat += 1) {
    await measuring.sweep(options.rates.toReversed(), repeat);
    await measuring.twice(repeat);
  }
  return measuring.measured();
}

class Measuring {
  readonly #o: MeasureOptions;
  readonly #steps: Record<SideName, Step[]> = { before: [], after: [] };
  readonly #leftOut = new Set<string>();
  #idle: Record<SideName, Idle> | undefined;

  constructor(options: MeasureOptions) {
    this.#o = options;
  }

  measured(): Measured {
    const unknown = { cpu: NaN, memoryMib: NaN };
    const idle = this.#idle ?? { before: unknown, after: unknown };
    return { steps: this.#steps, idle, leftOut: [...this.#leftOut] };
  }

  async sweep(rates: readonly number[], repeat: number): Promise<void> {
    for (const [i, rate] of rates.entries()) {
      // Which side comes first changes from rate to rate.
      const order = (i + repeat) % 2 === 0 ? SIDES : SIDES.toReversed();
      for (const side of order) await this.#step(side, rate, repeat);
    }
  }

  /** Halves the distance between the last rate that was served well and the first that was not. */
  async closeIn(): Promise<void> {
    for (let i = 0; i < this.#o.closer; i += 1)
      for (const side of SIDES) {
        const rate = nextRate(kneeOf(atRates(this.#steps[side])));
        if (rate !== undefined) await this.#step(side, rate, 1);
      }
  }

  /** Measures each side at twice its knee, as often as `times` says in all. */
  async twice(times: number): Promise<void> {
    for (const side of SIDES) {
      const { good } = kneeOf(atRates(this.#steps[side]));
      if (good === undefined) continue;
      const done = this.#steps[side].filter(({ ratePerS }) => ratePerS === 2 * good).length;
      for (let i = done; i < times; i += 1) await this.#step(side, 2 * good, times);
    }
  }

  async #step(side: SideName, ratePerS: number, repeat: number): Promise<void> {
    const { stacks, seconds, workload, signal, until, say } = this.#o;
    if (performance.now() > until) {
      this.#leftOut.add(`${ratePerS}/s ${side} (time ${repeat})`);
      return;
    }
    this.#idle ??= await this.#idleNow();
    const quietPercent = (this.#idle.before.cpu + this.#idle.after.cpu) * QUIET.times + QUIET.more;
    const [under, idle] = [stacks[side], stacks[OTHER[side]]];
    const step = await measureStep({ under, idle, ratePerS, seconds, quietPercent, workload, signal });
    this.#steps[side].push(step);
    say(
      `${side.padEnd(6)} ${ratePerS}/s: ${(step.good / step.seconds).toFixed(0)}/s within ${GOOD_MS} ms, ` +
        `${step.turnedAway} turned away, ${step.failed} failed, p95 ${step.p95Ms?.toFixed(0) ?? '–'} ms, ` +
        `CPU ${step.cpu.topology.toFixed(0)} %, generator ${step.cpu.generator.toFixed(0)} %` +
        step.invalid.map((what) => `; ${what}`).join(''),
    );
  }

  async #idleNow(): Promise<Record<SideName, Idle>> {
    const { stacks, signal } = this.#o;
    const [before, after] = await idleCpu({ under: stacks.before, idle: stacks.after, signal });
    const idle = (side: SideName, cpu: number): Idle => ({
      cpu,
      memoryMib: memoryMib(stacks[side].topology.spec.project),
    });
    return { before: idle('before', before), after: idle('after', after) };
  }
}
