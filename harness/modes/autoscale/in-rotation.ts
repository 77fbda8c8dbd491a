import type { Clock } from '../../core/clock.ts';
import { formatDuration } from '../../core/duration.ts';
import { ChaosError } from '../../core/errors.ts';
import type { TopologyControl } from '../../core/topology/control.ts';
import type { ContainerRef } from '../../core/topology/state.ts';
import { waitHealthy } from '../../heal/health.ts';

/** New containers have this long to become healthy, and then this long to get their first request. Milliseconds. */
const HEALTHY_MS = 180_000;
const FIRST_REQUEST_MS = 60_000;
/** A container that says nothing of its answers, and a container that is new, gets requests for this long at least. */
const WARM_MS = 10_000;
const LOOK_MS = 1_000;

interface RotationOptions {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly service: string;
  /** Resolves with how many requests of users a container has answered. Undefined when it does not say. */
  readonly answered: (container: ContainerRef) => Promise<number | undefined>;
  /** Offers a light load, until disposed. */
  readonly lightLoad: (mostMs: number) => Promise<AsyncDisposable>;
  readonly signal: AbortSignal;
}

/** Waits until the topology is healthy. Throws CHAOS_NOT_HEALTHY with the exit "not-ready". */
export async function healthy(options: Pick<RotationOptions, 'topology' | 'clock' | 'signal'>): Promise<void> {
  const missing = await waitHealthy(options, HEALTHY_MS, options.signal);
  if (missing !== undefined) throw notReady(HEALTHY_MS, missing.join('; '));
}

/**
 * Waits until the topology is healthy and each container of the service has answered a request of a light load, which
 * warms the containers up. Throws CHAOS_NOT_HEALTHY with the exit "not-ready".
 */
export async function inRotation(options: RotationOptions): Promise<void> {
  await healthy(options);
  const { topology, clock, service, signal } = options;
  const containers = await topology.containers.resolve({ service }, () => 0);
  const answers = (): Promise<readonly (number | undefined)[]> => Promise.all(containers.map(options.answered));
  const before = await answers();
  await using _load = await options.lightLoad(WARM_MS + FIRST_REQUEST_MS);
  await clock.sleep(WARM_MS, signal);
  for (const until = clock.now() + FIRST_REQUEST_MS; ; await clock.sleep(LOOK_MS, signal)) {
    const now = await answers();
    const idle = containers.filter((_, i) => now[i] !== undefined && now[i] <= (before[i] ?? 0));
    if (idle.length === 0) return;
    if (clock.now() >= until) {
      const names = idle.map(({ name }) => name).join(', ');
      throw notReady(WARM_MS + FIRST_REQUEST_MS, `${names} got no request`);
    }
  }
}

const notReady = (ms: number, why: string): ChaosError =>
  new ChaosError('CHAOS_NOT_HEALTHY', {
    what: `the service is not ready after ${formatDuration(ms)}: ${why}`,
    hint: '`chaos topology down`, then `chaos topology up`, makes it anew. `docker compose logs` says more.',
    exit: 'not-ready',
  });
