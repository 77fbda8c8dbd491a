import { execFileSync } from 'node:child_process';
import { GenericContainer } from 'testcontainers';
import { getReaperImage } from 'testcontainers/build/reaper/reaper.js';

/** The label by which `chaos topology down --all` finds what was left: the value is the project, here none of a topology. */
const LABELS = { 'chaos.helper': 'chaos-test-disposable' };
/** A registry that does not answer within this has no reaper for us, milliseconds. */
const PULL_MS = 20_000;

const TAG = process.env['CHAOS_IMAGE_TAG'] ?? 'dev';

/** testcontainers' reaper removes what a killed test leaves; without its image the label does, when a person asks for it. */
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

/** A container of one of our images for one test file: its ports are published on 127.0.0.1 only. */
export class DisposableContainer extends GenericContainer {
  /** `image`: "postgres", "toxiproxy", … of the topology. */
  constructor(image: string) {
    super(`chaos/${image}:${TAG}`);
    chooseReaper();
    this.withLabels(LABELS).withPullPolicy({ shouldPull: () => false });
  }

  /** testcontainers publishes on every address of the machine. */
  protected override beforeContainerCreated(): Promise<void> {
    const published = Object.keys(this.hostConfig.PortBindings ?? {});
    this.hostConfig.PortBindings = Object.fromEntries(
      published.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]]),
    );
    return Promise.resolve();
  }
}
