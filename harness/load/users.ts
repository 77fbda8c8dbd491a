import type { UserPlan, Workload } from '../core/load/load.ts';
import { exponential, RandomBank } from '../core/random.ts';
import { pick, runningSums } from './mix.ts';
import { RequestMaker } from './request-maker.ts';
import type { PreparedRequest } from './request.ts';
import type { Stream } from './stream.ts';

interface Role {
  /** Requests per second of one such user. */
  readonly ratePerS: number;
  /** Running sums of what each endpoint has of it. */
  readonly upTo: Float64Array;
  /** Position of its first endpoint among all of the workload. */
  readonly first: number;
}

function rolesOf({ scenarios }: Workload): readonly Role[] {
  let first = 0;
  return scenarios.map(({ endpoints }) => {
    const ratePerS = endpoints.reduce((sum, { frequency }) => sum + frequency, 0);
    const upTo = runningSums(endpoints.map(({ frequency }) => frequency / ratePerS));
    const role = { ratePerS, upTo, first };
    first += endpoints.length;
    return role;
  });
}

/** Deals scenarios out by weight so evenly that the first n users are a fair sample of all, whatever n is. */
function deal(weights: readonly number[], count: number): Uint8Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credit = weights.map(() => 0);
  return Uint8Array.from({ length: count }, () => {
    weights.forEach((weight, i) => (credit[i] = (credit[i] ?? 0) + weight));
    const richest = credit.indexOf(Math.max(...credit));
    credit[richest] = (credit[richest] ?? 0) - total;
    return richest;
  });
}

/**
 * Virtual users as states: a scenario, random numbers of its own, and when it asks next (17 bytes in all), in a heap by
 * that moment. The specification gives frequencies, requests per second of one user: so each user is a Poisson process
 * of its scenario's rate, which thinks for exponential times and chooses an endpoint by its share. It joins at its turn
 * in the ramp-up and stays the same user (`{{user ...}}` in a template) to the end.
 *
 * A user does not wait for an answer before it asks again. Waiting would offer less just while the system is slow, which
 * is the fault of closed loops; and were the missed moments made up for afterwards, an outage would end in a burst that
 * nobody planned. With think times of 5 to 67 s the two differ only where answers take seconds. So the load at 50,000
 * users is 6,325/s whatever the answers do, known beforehand, and the same for the same seed.
 */
export class UserStream implements Stream {
  readonly #roles: readonly Role[];
  readonly #maker: RequestMaker;
  readonly #limitMs: number;
  readonly #random: RandomBank;
  readonly #role: Uint8Array;
  /** When each user asks next, milliseconds after the start. */
  readonly #due: Float64Array;
  /** Users, the children of position i at 2i + 1 and 2i + 2, none due before its parent. */
  readonly #heap: Uint32Array;

  /** Nothing is due at `limitMs` or later. */
  constructor(workload: Workload, { count, rampUpMs }: UserPlan, limitMs: number, seed: number, prefix: string) {
    this.#roles = rolesOf(workload);
    this.#maker = new RequestMaker(workload, seed + 1, prefix);
    this.#limitMs = limitMs;
    this.#random = new RandomBank(seed, count);
    this.#role = deal(
      workload.scenarios.map(({ weight }) => weight),
      count,
    );
    this.#due = Float64Array.from({ length: count }, (_, user) => (rampUpMs * user) / count + this.#think(user));
    this.#heap = Uint32Array.from({ length: count }, (_, user) => user);
    for (let i = (count >> 1) - 1; i >= 0; i -= 1) this.#sink(i);
  }

  get due(): number {
    const due = this.#due[this.#heap[0] ?? 0] ?? Infinity;
    return due < this.#limitMs ? due : Infinity;
  }

  take(): PreparedRequest {
    const user = this.#heap[0] ?? 0;
    const { upTo, first } = this.#roleOf(user);
    const endpoint = first + pick(upTo, this.#random.next(user));
    this.#due[user] = (this.#due[user] ?? 0) + this.#think(user);
    this.#sink(0);
    return this.#maker.make(endpoint, user);
  }

  #roleOf(user: number): Role {
    return this.#roles[this.#role[user] ?? 0] as Role;
  }

  #think(user: number): number {
    return (exponential(this.#random.next(user)) * 1_000) / this.#roleOf(user).ratePerS;
  }

  /** Moves the user at a position down to where it belongs. */
  #sink(position: number): void {
    const heap = this.#heap;
    const due = this.#due;
    const user = heap[position] as number;
    const at = due[user] as number;
    let hole = position;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && (due[heap[right] as number] as number) < (due[heap[child] as number] as number))
        child = right;
      const lower = heap[child] as number;
      if ((due[lower] as number) >= at) break;
      heap[hole] = lower;
      hole = child;
    }
    heap[hole] = user;
  }
}
