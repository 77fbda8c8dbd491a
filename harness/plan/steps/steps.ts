import type { z } from 'zod';
import type { Item, StepKind } from '../../core/kinds/step.ts';
import type { Mismatch, Path } from '../../core/plan/mismatch.ts';
import type { PlannedStep } from '../../core/plan/plan.ts';
import { MOST_ROUNDS } from '../../core/plan/steps.ts';
import { isMap } from '../source/map.ts';

/** A list of steps, as far as it could be read. */
export interface ReadSteps {
  /** One entry for each item, undefined when the item has mistakes. */
  readonly steps: readonly (PlannedStep | undefined)[];
  /**
   * The path of each sound step. A step that holds steps comes after them. A step in a repeat has an entry for each
   * round.
   */
  readonly places: ReadonlyMap<PlannedStep, Path>;
  readonly mistakes: readonly Mismatch[];
  /** Whether all steps could be read and none of them is a fault, not even a fault with mistakes. */
  readonly faultless: boolean;
}

/** Reads a list of steps. `shape`: the shape of one step. A mistake in one step does not hide the other steps. */
export function readSteps(
  list: readonly unknown[],
  shape: z.ZodType,
  path: Path,
  kinds: readonly StepKind[],
): ReadSteps {
  const reader = new StepReader(shape, kinds);
  const steps = list.map((item, i) => reader.read(item, [...path, i], [], 1));
  return { steps, places: reader.places, mistakes: reader.mistakes, faultless: reader.faultless };
}

class StepReader {
  readonly #shape: z.ZodType;
  readonly #kinds: readonly StepKind[];
  readonly places = new Map<PlannedStep, Path>();
  readonly mistakes: Mismatch[] = [];
  /**
   * For each kind of step, the numbers of its steps by their places in the file. A step in a repeat has the same number
   * in every round.
   */
  readonly #numbers = new Map<string, Map<string, number>>();

  /** Whether a step that may hold faults could not be read. */
  #unread = false;

  constructor(shape: z.ZodType, kinds: readonly StepKind[]) {
    this.#shape = shape;
    this.#kinds = kinds;
  }

  get faultless(): boolean {
    return !this.#unread && !this.#numbers.has('fault');
  }

  /**
   * Reads one item. `rounds`: the number of the round, for each repeat around the item. `many`: how often the item is
   * read in all rounds of these repeats.
   */
  read(value: unknown, at: Path, rounds: readonly number[], many: number): PlannedStep | undefined {
    const [name = '', ...others] = isMap(value) ? Object.keys(value) : [];
    const plain = isMap(value) && name !== '' && others.length === 0;
    // Every key that is not the name of another kind is meant as the name of a fault.
    const kind = this.#kindNamed(plain ? name : 'fault');
    const path = [...at, name];
    const { data } = this.#shape.safeParse(value);
    const parsed = isMap(data) ? data[name] : undefined;
    const step = kind?.read({
      name,
      written: plain ? value[name] : undefined,
      parsed,
      path,
      id: () => this.#id(kind.name, name, at, rounds),
      steps: (list, where) => this.#list(list, where, rounds, many),
      rounds: (list, where, times, count) => {
        if (times * many > MOST_ROUNDS) return this.#tooMany(times * many, count);
        return Array.from({ length: times }, (_, i) => this.#list(list, where, [...rounds, i + 1], many * times));
      },
      unread: () => (this.#unread = true),
    } satisfies Item);
    if (step !== undefined) this.places.set(step, path);
    return step;
  }

  #kindNamed(name: string): StepKind | undefined {
    return this.#kinds.find((kind) => kind.name === name) ?? this.#kinds.find((kind) => kind.name === 'fault');
  }

  #list(held: unknown, path: Path, rounds: readonly number[], many: number): PlannedStep[] {
    const items: readonly unknown[] = Array.isArray(held) ? held : [];
    if (items.length === 0) this.#unread = true;
    return items.flatMap((item, i) => this.read(item, [...path, i], rounds, many) ?? []);
  }

  #tooMany(rounds: number, path: Path): undefined {
    const message = `these repeats make ${rounds} rounds, and at most ${MOST_ROUNDS} are allowed`;
    const hint = 'Repeat less often: each round is proven separately.';
    this.mistakes.push({ path, code: 'CHAOS_WRONG_VALUE', message, hint });
  }

  #id(kind: string, name: string, path: Path, rounds: readonly number[]): string {
    const numbers = this.#numbers.get(kind) ?? new Map<string, number>();
    this.#numbers.set(kind, numbers);
    const place = path.join('.');
    const number = numbers.get(place) ?? numbers.size + 1;
    numbers.set(place, number);
    return [`${name}-${number}`, ...rounds].join('.');
  }
}
