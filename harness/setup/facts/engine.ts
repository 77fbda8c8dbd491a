import { atLeast, LEAST_COMPOSE, LEAST_ENGINE } from '../engine.ts';
import type { Shell, ShellResult } from '../shell.ts';
import type { Fact } from './fact.ts';

const LEAST_NODE = '24.0';

export function nodeFact(version: string): Fact {
  return {
    name: 'node',
    ok: atLeast(version, LEAST_NODE),
    value: version,
    remedy:
      'On Linux x64 run `npm ci`, which installs Node 24, and start with `npx chaos` or harness/chaos. Elsewhere install Node 24.',
  };
}

export interface EngineInfo {
  readonly version: string;
  readonly root: string;
  readonly cpus: number;
  readonly system: string;
}

const INFO_FORMAT = '{{.ServerVersion}}|{{.DockerRootDir}}|{{.NCPU}}|{{.OperatingSystem}}';

/** `docker info` may take this long, milliseconds. */
const ASK_MS = 10_000;

/** Why the engine could not be asked, and what to do. */
export interface Trouble {
  readonly value: string;
  readonly remedy: string;
}

const NO_ANSWER: Trouble = {
  value: 'no answer',
  remedy:
    'Run `npx chaos setup`: it starts an engine that is installed, and installs one as root on Debian. Elsewhere start Docker by hand.',
};

/** Asks the engine that `docker` uses: its context, or DOCKER_HOST. */
export async function readEngineInfo(shell: Shell): Promise<EngineInfo | Trouble> {
  const said = await shell('docker', ['info', '--format', INFO_FORMAT], { deadlineMs: ASK_MS });
  return (said.code === 0 ? parseEngineInfo(said.stdout) : undefined) ?? troubleOf(said);
}

/** Says from the output of `docker info` why it did not succeed. */
export function troubleOf({ code, stderr, timedOut }: Pick<ShellResult, 'code' | 'stderr' | 'timedOut'>): Trouble {
  if (timedOut) {
    return {
      value: `accepts calls and is silent for ${ASK_MS / 1_000} s`,
      remedy: 'Restart the engine: `sudo systemctl restart docker`.',
    };
  }
  if (/permission denied/i.test(stderr)) {
    return {
      value: 'no permission: group docker',
      remedy: 'Add this user to the group docker (`sudo usermod -aG docker "$USER"`), and log in again.',
    };
  }
  const refused = /Error response from daemon: *(.*)|(invalid character .*)|(malformed HTTP .*)/.exec(stderr);
  const words = refused?.slice(1).find((part) => part !== undefined);
  if (words === undefined && (code !== 0 || stderr.trim() === '')) return NO_ANSWER;
  return {
    value: `not understood: ${(words ?? stderr.trim()).slice(0, 120)}`,
    remedy: 'Look at DOCKER_HOST and `docker context show`. Is it a Docker engine of this decade, and not a proxy?',
  };
}

export function parseEngineInfo(text: string): EngineInfo | undefined {
  const [version, root, cpus, system] = text.trim().split('|');
  if (!version || !root || !Number.isInteger(Number(cpus))) return undefined;
  return { version, root, cpus: Number(cpus), system: system ?? '' };
}

export function engineFact(engine: EngineInfo | Trouble): Fact {
  if ('value' in engine) return { name: 'engine', ok: false, ...engine };
  return {
    name: 'engine',
    ok: atLeast(engine.version, LEAST_ENGINE),
    value: `${engine.version} on ${engine.system}`,
    remedy: `Upgrade Docker to ${LEAST_ENGINE} or later; the set-up never replaces an engine that answers.`,
  };
}

export function composeFact(version: string | undefined): Fact {
  return {
    name: 'compose',
    ok: version !== undefined && atLeast(version, LEAST_COMPOSE),
    value: version ?? 'missing',
    remedy: `Install Compose ${LEAST_COMPOSE} or later (docker-compose-plugin): healthchecks use start_interval.`,
  };
}

export function buildxFact(version: string | undefined): Fact {
  return {
    name: 'buildx',
    ok: version !== undefined,
    value: version ?? 'missing',
    remedy: 'Install docker-buildx-plugin (Debian: docker-buildx).',
  };
}
