import { setTimeout as delay } from 'node:timers/promises';
import { ROOT, TEST_ENV } from '../../helpers/chaos.ts';
import { bringUp, type Stack } from '../../helpers/stack.ts';
import { say } from '../figures.ts';

const MOST_MS = 300_000;
/** Between two measurements the machine comes to rest. Milliseconds. */
const REST_MS = 10_000;

/** How long plain Compose takes, seconds. */
export interface Reference {
  /** From the command until so many containers are healthy, and the command has ended. */
  readonly upS: number;
  /** From the command until all beyond the old number are gone. */
  readonly downS: number;
}

/** Nothing but the number of replicas changes: other services and the replicas that stay are left alone. */
const scale = (stack: Stack, replicas: number, ...more: readonly string[]): Promise<string> => {
  const how = ['--detach', '--no-recreate', '--no-deps', '--no-build', '--pull', 'never'];
  return stack.compose(['up', ...how, ...more, '--scale', `app=${replicas}`, 'app'], MOST_MS);
};

async function seconds(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return (performance.now() - began) / 1_000;
}

/** Throws when not so many replicas run and are healthy. */
async function assertHealthy({ topology }: Stack, replicas: number): Promise<void> {
  const states = await topology.containers.states(['app']);
  const healthy = states.filter(({ running, health }) => running && health === 'healthy').length;
  if (healthy !== replicas) throw new Error(`Compose ended, and ${healthy} of ${replicas} replicas are healthy`);
}

/**
 * Scales the app with `docker compose up --scale app=N --wait` and back, on the tests' own topology, which nothing loads
 * meanwhile.
 */
export async function composeReference(
  replicas: number,
  times: number,
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  await using stack = await bringUp({ root: ROOT, env: TEST_ENV, signal });
  const before = (await stack.topology.containers.states(['app'])).length;
  const found: Reference[] = [];
  for (let i = 0; i < times; i += 1) {
    await delay(REST_MS, undefined, { signal });
    const upS = await seconds(scale(stack, replicas, '--wait'));
    await assertHealthy(stack, replicas);
    const downS = await seconds(scale(stack, before));
    found.push({ upS, downS });
    say(`compose: ${replicas} healthy after ${upS.toFixed(1)} s, back to ${before} after ${downS.toFixed(1)} s`);
  }
  return found;
}
