import { join } from 'node:path';
import { compose } from '../../harness/control/compose/compose.ts';
import { systemClock } from '../../harness/core/clock.ts';
import { silent } from '../../harness/core/log.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { waitHealthy } from '../../harness/heal/health.ts';
import { topologyControl, topologySpec } from '../../harness/main.ts';

const BUILD_MS = 1_200_000;
const UP_MS = 240_000;
const HEALTHY_MS = 60_000;
const DOWN_MS = 120_000;

export interface StackOptions {
  /** The checkout whose compose file and build folders are used. */
  readonly root: string;
  /** Compose files that are laid over the checkout's own. Absolute paths. */
  readonly overlays?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Removes the images too when the topology goes. */
  readonly removeImages?: boolean;
  readonly signal: AbortSignal;
}

/** A topology that plain `docker compose` has brought up, as a person does by hand. Goes with its volumes when disposed. */
export interface Stack extends AsyncDisposable {
  readonly topology: TopologyControl;
  /** Runs `docker compose` with the files of the topology. The default deadline is 120,000 milliseconds. */
  compose(args: readonly string[], deadlineMs?: number): Promise<string>;
}

/**
 * Builds the images of a topology, brings it up and waits until it is healthy. What an earlier call left of it is removed first. When the way up
 * fails or is interrupted, what was made is removed.
 */
export async function bringUp(options: StackOptions): Promise<Stack> {
  const { root, overlays = [], signal } = options;
  const files = [join(root, 'docker-compose.chaos.yml'), ...overlays];
  const env = { DOCKER_BUILDKIT: '1', ...process.env, ...options.env };
  const spec = topologySpec(files, env);
  const run = (args: readonly string[], deadlineMs: number, until?: AbortSignal): Promise<string> =>
    compose(args, {
      files,
      project: spec.project,
      env,
      log: silent,
      deadlineMs,
      ...(until === undefined ? {} : { signal: until }),
    });
  const topology = topologyControl(spec, env);
  const down = async (): Promise<void> => {
    const images = options.removeImages === true ? ['--rmi', 'all'] : [];
    await run(['down', '--volumes', '--remove-orphans', '--timeout', '2', ...images], DOWN_MS);
    await topology[Symbol.asyncDispose]();
  };
  await using made = new AsyncDisposableStack();
  made.defer(down);
  await run(['down', '--volumes', '--remove-orphans', '--timeout', '2'], DOWN_MS, signal);
  await run(['build'], BUILD_MS, signal);
  await run(['up', '--detach', '--no-build', '--pull', 'never', '--wait'], UP_MS, signal);
  const missing = await waitHealthy({ topology, clock: systemClock }, HEALTHY_MS, signal);
  if (missing !== undefined) throw new Error(`the topology is up and not healthy: ${missing.join('; ')}`);
  const kept = made.move();
  return {
    topology,
    compose: (args, deadlineMs = DOWN_MS) => run(args, deadlineMs, signal),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
