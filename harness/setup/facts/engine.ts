import { atLeast, LEAST_COMPOSE, LEAST_ENGINE } from '../engine.ts';
import type { Shell } from '../shell.ts';
import type { Fact } from './fact.ts';

const LEAST_NODE = '24.0';

export function nodeFact(version: string): Fact {
  return {
    name: 'node',
    ok: atLeast(version, LEAST_NODE),
    value: version,
    remedy:
      'Start through `npx chaos` or harness/chaos after `npm ci`, which brings Node 24 along on Linux x64; elsewhere install Node 24.',
  };
}

export interface EngineInfo {
  readonly version: string;
  readonly root: string;
  readonly cpus: number;
  readonly system: string;
}

const INFO_FORMAT = '{{.ServerVersion}}|{{.DockerRootDir}}|{{.NCPU}}|{{.OperatingSystem}}';

export async function readEngineInfo(shell: Shell): Promise<EngineInfo | undefined> {
  const { code, stdout } = await shell('docker', ['info', '--format', INFO_FORMAT], { deadlineMs: 10_000 });
  return code === 0 ? parseEngineInfo(stdout) : undefined;
}

export function parseEngineInfo(text: string): EngineInfo | undefined {
  const [version, root, cpus, system] = text.trim().split('|');
  if (!version || !root || !Number.isInteger(Number(cpus))) return undefined;
  return { version, root, cpus: Number(cpus), system: system ?? '' };
}

export function engineFact(engine: EngineInfo | undefined): Fact {
  const remedy =
    engine === undefined
      ? 'Run `npx chaos setup`: it starts an engine that is installed, and installs one as root on Debian. Elsewhere start Docker by hand.'
      : `Upgrade Docker to ${LEAST_ENGINE} or later; the set-up never replaces an engine that answers.`;
  return {
    name: 'engine',
    ok: engine !== undefined && atLeast(engine.version, LEAST_ENGINE),
    value: engine === undefined ? 'no answer' : `${engine.version} on ${engine.system}`,
    remedy,
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
