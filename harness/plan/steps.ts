import type { z } from 'zod';
import type { PlannedFault, PlannedStep, PlannedWait } from '../core/plan.ts';
import type { Mismatch } from './mismatch.ts';
import { MOST_ROUNDS } from './kinds.ts';
import type { Path } from './source.ts';
import { conditionOf, waitShape } from './wait.ts';

/** What could be read of a list of steps. */
export interface ReadSteps {
  /** Each item for itself; undefined where it has mistakes of its own. */
  readonly steps: readonly (PlannedStep | undefined)[];
  /** Where each sound fault and wait stands; that of a repeat once for each round. */
  readonly places: ReadonlyMap<PlannedFault | PlannedWait, Path>;
  readonly mistakes: readonly Mismatch[];
  /** All could be looked at, and not one fault is among them, not even one with mistakes. */
  readonly faultless: boolean;
}

type Map_ = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `shape` is that of one step. What is sound in a sequence is read whatever stands beside it. */
export function readSteps(list: readonly unknown[], shape: z.ZodType, path: Path): ReadSteps {
  const reader = new StepReader(shape);
  const steps = list.map((item, i) => reader.read(item, [...path, i], [], 1));
  return { steps, places: reader.places, mistakes: reader.mistakes, faultless: reader.faultless };
}

class StepReader {
  readonly #shape: z.ZodType;
  readonly places = new Map<PlannedFault | PlannedWait, Path>();
  readonly mistakes: Mismatch[] = [];
  /** Numbers by place: every round of a repeat has that of the first. */
  readonly #numbers = { fault: new Map<string, number>(), wait: new Map<string, number>() };

  /** Something that may hold faults could not be looked into. */
  #closed = false;

  constructor(shape: z.ZodType) {
    this.#shape = shape;
  }

  get faultless(): boolean {
    return !this.#closed && this.#numbers.fault.size === 0;
  }

  /** `rounds`: which round of each repeat around it. `many`: how often it is read, in all of their rounds. */
  read(item: unknown, path: Path, rounds: readonly number[], many: number): PlannedStep | undefined {
    const [kind, ...others] = isMap(item) ? Object.keys(item) : [];
    if (!isMap(item) || kind === undefined || others.length > 0) return this.#fault(item, path, rounds);
    const [held, at] = [item[kind], [...path, kind]];
    if (kind === 'sequence') return { sequence: this.#list(held, at, rounds, many) };
    if (kind === 'parallel') return { parallel: this.#list(held, at, rounds, many) };
    if (kind === 'repeat') return this.#repeat(item, held, at, rounds, many);
    return kind === 'wait' ? this.#wait(held, at, rounds) : this.#fault(item, path, rounds);
  }

  #list(held: unknown, path: Path, rounds: readonly number[], many: number): PlannedStep[] {
    const items: readonly unknown[] = Array.isArray(held) ? held : [];
    if (items.length === 0) this.#closed = true;
    return items.flatMap((item, i) => this.read(item, [...path, i], rounds, many) ?? []);
  }

  #repeat(item: unknown, held: unknown, path: Path, rounds: readonly number[], many: number): PlannedStep | undefined {
    const { times, every } = this.#parsed(item, 'repeat') ?? {};
    if (typeof times !== 'number' || typeof every !== 'number') {
      this.#closed = true;
      return undefined;
    }
    if (times * many > MOST_ROUNDS) {
      const message = `these repeats come to ${times * many} rounds, and ${MOST_ROUNDS} are the most`;
      const hint = 'Repeat less often: each round is proven for itself.';
      this.#closed = true;
      this.mistakes.push({ path: [...path, 'times'], code: 'CHAOS_WRONG_VALUE', message, hint });
      return undefined;
    }
    const steps = isMap(held) ? held['steps'] : undefined;
    const round = (i: number): PlannedStep => ({
      sequence: this.#list(steps, [...path, 'steps'], [...rounds, i + 1], many * times),
    });
    return { rounds: Array.from({ length: times }, (_, i) => round(i)), every };
  }

  #wait(held: unknown, path: Path, rounds: readonly number[]): PlannedWait | undefined {
    const id = this.#id('wait', 'wait', path, rounds);
    const { data } = waitShape.safeParse(held);
    if (data === undefined) return undefined;
    const wait: PlannedWait = {
      id,
      wait: conditionOf(data),
      within: data.within,
      ...(data.continue_on_failure ? { continueOnFailure: true } : {}),
    };
    this.places.set(wait, path);
    return wait;
  }

  #fault(item: unknown, path: Path, rounds: readonly number[]): PlannedFault | undefined {
    const [name = ''] = isMap(item) ? Object.keys(item) : [];
    const id = this.#id('fault', name, path, rounds);
    const found = this.#parsed(item, name);
    if (found === undefined) return undefined;
    const { at, for: lasts, continue_on_failure: goesOn, ...params } = found;
    const fault: PlannedFault = {
      id,
      fault: name,
      params,
      at: at as number,
      for: lasts as number | undefined,
      ...(goesOn === true ? { continueOnFailure: true } : {}),
    };
    this.places.set(fault, [...path, name]);
    return fault;
  }

  #parsed(item: unknown, name: string): Map_ | undefined {
    const { data } = this.#shape.safeParse(item);
    const found = isMap(data) ? data[name] : undefined;
    return isMap(found) ? found : undefined;
  }

  #id(kind: 'fault' | 'wait', name: string, path: Path, rounds: readonly number[]): string {
    const numbers = this.#numbers[kind];
    const place = path.join('.');
    const number = numbers.get(place) ?? numbers.size + 1;
    numbers.set(place, number);
    return [`${name}-${number}`, ...rounds].join('.');
  }
}
