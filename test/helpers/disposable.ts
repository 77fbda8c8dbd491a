import { execFileSync } from 'node:child_process';
import { GenericContainer } from 'testcontainers';
import { NOT_OF_COMPOSE } from '../../harness/control/docker/helpers.ts';
import { getReaperImage } from 'testcontainers/build/reaper/reaper.js';

/**
 * `chaos topology down --all` finds containers that were left by this label. Its value is usually a project; this value
 * belongs to no topology.
 */
const LABELS = {
  'chaos.helper': 'chaos-test-disposable',
  ...NOT_OF_COMPOSE,
};
/** The tests do without the reaper when its image cannot be pulled within this time. Milliseconds. */
const PULL_MS = 20_000;

const TAG = process.env['CHAOS_IMAGE_TAG'] ?? 'dev';

/**
 * testcontainers' reaper removes the containers that a killed test leaves. Without the reaper's image a person removes
 * them with `chaos topology down --all`, by the label.
 */
function chooseReaper(): void {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] !== undefined) return;
  const image = getReaperImage();
  const said = (...args: readonly string[]): boolean => {
    try {
      execFileSync('docker', [...args], { stdio: 'ignore', timeout: PULL_MS });
      return true;
    } catch {
      return false;
    }
  };
  const there = said('image', 'inspect', image) || said('pull', '--quiet', image);
  if (!there) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
}

/** A container of one of our images, for one test file. Its ports are published on 127.0.0.1 only. */
export class DisposableContainer extends GenericContainer {
  /** `image`: the name of an image of the topology, for example "postgres" or "toxiproxy". */
  constructor(image: string) {
    super(`chaos/${image}:${TAG}`);
    chooseReaper();
    this.withLabels(LABELS).withPullPolicy({ shouldPull: () => false });
  }

  /** Replaces the addresses of the ports: testcontainers publishes them on every address of the machine. */
  protected override beforeContainerCreated(): Promise<void> {
    const published = Object.keys(this.hostConfig.PortBindings ?? {});
    this.hostConfig.PortBindings = Object.fromEntries(
      published.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
    );
    return Promise.resolve();
  }
}
