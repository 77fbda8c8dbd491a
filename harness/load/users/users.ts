import type { UserPlan, Workload } from '../../core/load/load.ts';
import { exponential, RandomBank } from '../../core/random.ts';
import { pick, runningSums } from '../mix.ts';
import { RequestMaker } from '../http/request-maker.ts';
import type { PreparedRequest } from '../http/request.ts';
import type { Stream } from '../stream.ts';

interface Role {
  /** Requests per second of one user of this role. */
  readonly ratePerS: number;
  /** Running sums of each endpoint's share of the rate. */
  readonly upTo: Float64Array;
  /** Position of the role's first endpoint among all endpoints of the workload. */
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

/** Deals scenarios out by weight, so evenly that the first n users are a fair sample of all users for every n. */
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
 * Virtual users as states. The state of a user is its scenario, its own random numbers and the moment of its next
 * request: 17 bytes in all. A heap orders the users by that moment. The specification gives frequencies: requests per
 * second of one user. So each user is a Poisson process at its scenario's rate. It thinks for exponential times and
 * chooses an endpoint by the endpoint's share. It joins at its turn in the ramp-up and stays the same user to the end
 * (`{{user ...}}` in a template).
 *
 * A user does not wait for an answer before its next request. Waiting would offer less load just while the system is
 * slow, which is the flaw of closed loops. Sending the missed requests afterwards would end an outage in a burst that
 * nobody planned. With think times of 5 to 67 s, waiting makes a difference only when answers take seconds. So the load
 * of 50,000 users is 6,325/s however the system answers. The same seed gives the same load.
 */
export class UserStream implements Stream {
  readonly #roles: readonly Role[];
  readonly #maker: RequestMaker;
  readonly #limitMs: number;
  readonly #random: RandomBank;
  readonly #role: Uint8Array;
  /** The moment of each user's next request, milliseconds after the start. */
  readonly #due: Float64Array;
  /** A heap of users. The children of position i are at 2i + 1 and 2i + 2, and no child is due before its parent. */
  readonly #heap: Uint32Array;

  /** `limitMs`: milliseconds after the start; nothing is due then or later. */
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

  /** Moves the user at a position down to its place in the heap. */
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
