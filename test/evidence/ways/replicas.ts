import { systemClock } from '../../../harness/core/clock.ts';
import type { ContainerState } from '../../../harness/core/topology/state.ts';
import type { Stack } from '../../helpers/stack.ts';
import type { Way } from './way.ts';

/** Milliseconds. Ten replicas that start at once on two busy cores take about ten seconds. */
const HEALTHY_MS = 60_000;
/** A look asks the engine about each replica, which takes processor time from the load. */
const LOOK_MS = 1_000;

/**
 * Returns the numbers of replicas on the way from one number to another. A step starts or stops at most `batch` replicas,
 * and never more than serve before it, or stay after it: those must carry the load meanwhile.
 */
export function stepsBetween(from: number, to: number, batch: number): number[] {
  if (to < from) return [...stepsBetween(to, from, batch).toReversed().slice(1), to];
  const steps: number[] = [];
  for (let now = from; now < to;) {
    now = Math.min(to, now + Math.max(1, Math.min(batch, now)));
    steps.push(now);
  }
  return steps;
}

/** Returns when each replica first answered a request of this load, epoch milliseconds, from the replicas' logs. */
export class FirstAnswers {
  readonly #prefix: string;
  readonly at = new Map<string, number>();

  /** `prefix`: the beginning of the load's request ids. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  read(container: string, line: string): void {
    if (this.at.has(container) || !line.includes(`"request_id":"${this.#prefix}`)) return;
    const { time } = JSON.parse(line) as { readonly time: string };
    this.at.set(container, Date.parse(time));
  }
}

/** The replicas of the app, as a person scales them: by `docker compose`, and by what the way asks for. */
export class Replicas {
  readonly #stack: Stack;
  readonly #way: Way;
  readonly #batch: number;
  readonly #signal: AbortSignal;

  /** `batch`: how many replicas start or stop at once, at most. */
  constructor(stack: Stack, way: Way, batch: number, signal: AbortSignal) {
    this.#stack = stack;
    this.#way = way;
    this.#batch = batch;
    this.#signal = signal;
  }

  /** Resolves when this many replicas are there and healthy, and the balancer knows what it must be told. */
  async to(wanted: number): Promise<void> {
    let now = (await this.running()).length;
    for (const next of stepsBetween(now, wanted, this.#batch)) {
      await (next > now ? this.#join(next) : this.#leave(next));
      now = next;
    }
  }

  /** Returns the replicas that run, those with the lowest numbers first. */
  async running(): Promise<ContainerState[]> {
    return (await this.#stack.topology.containers.states(['app'])).filter(({ running }) => running);
  }

  /** Returns when each replica that runs first answered a request, since a moment (epoch milliseconds). */
  async firstAnswers(since: number, prefix: string): Promise<ReadonlyMap<string, number>> {
    const first = new FirstAnswers(prefix);
    await this.#stack.topology.containers.stdout(['app'], { since }, (name, line) => first.read(name, line));
    return first.at;
  }

  async #join(wanted: number): Promise<void> {
    await this.#scale(wanted);
    await this.#way.joined?.(this.#stack, addressesOf(await this.#healthy(wanted)));
  }

  async #leave(wanted: number): Promise<void> {
    // Compose keeps the replicas with the lowest numbers.
    await this.#way.leaving?.(this.#stack, addressesOf((await this.running()).slice(0, wanted)));
    await this.#scale(wanted);
  }

  /** Nothing but the number of replicas changes: other services and the replicas that stay are left alone. */
  async #scale(wanted: number): Promise<void> {
    const how = ['--detach', '--no-recreate', '--no-deps', '--no-build', '--pull', 'never'];
    await this.#stack.compose(['up', ...how, '--scale', `app=${wanted}`, 'app']);
  }

  async #healthy(wanted: number): Promise<ContainerState[]> {
    const until = systemClock.now() + HEALTHY_MS;
    for (;;) {
      const running = await this.running();
      const healthy = running.filter(({ health }) => health === 'healthy');
      if (healthy.length >= wanted) return healthy;
      if (systemClock.now() >= until)
        throw new Error(`${healthy.length} of ${wanted} replicas were healthy after ${HEALTHY_MS / 1_000} s`);
      await systemClock.sleep(LOOK_MS, this.#signal);
    }
  }
}

const addressesOf = (replicas: readonly ContainerState[]): string[] =>
  replicas.flatMap(({ networks }) => Object.values(networks).map(({ ip }) => ip));
