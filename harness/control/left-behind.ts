import type { ContainerState, TopologySpec } from '../core/topology.ts';
import { dataMarks } from './data-marks.ts';
import type { DockerControl, ListedContainer } from './docker.ts';
import { type Left, lookFromHost, type Seen } from './look.ts';
import type { PostgresControl } from './postgres.ts';
import { runningSettings, settingsLeft, soundSettings } from './redis-settings.ts';

interface LeftBehindOptions {
  readonly spec: TopologySpec;
  readonly docker: DockerControl;
  readonly postgres: PostgresControl;
}

/** What faults left in the containers and in the data. The world is asked, and never our own notes: they may be lost. */
export class LeftBehind {
  readonly #spec: TopologySpec;
  readonly #docker: DockerControl;
  readonly #postgres: PostgresControl;

  constructor({ spec, docker, postgres }: LeftBehindOptions) {
    this.#spec = spec;
    this.#docker = docker;
    this.#postgres = postgres;
  }

  /** `states` are those of the containers, in the same order. */
  async find(containers: readonly ListedContainer[], states: readonly ContainerState[]): Promise<Left[]> {
    const running = containers.filter((_, i) => states[i]?.running === true);
    const names = new Map(states.filter((s) => s.running).map((s) => [s.pid, s.container]));
    const [redis, ...more] = running.filter((c) => this.#spec.services[c.service]?.protocol === 'redis');
    const one = more.length === 0 ? redis : undefined;
    const data = running.length === 0 ? [] : dataMarks(this.#postgres);
    const settings = one === undefined ? undefined : await runningSettings(this.#spec.redis);
    const [seen, commandLine, marks] = await Promise.all([
      lookFromHost(this.#docker.helpers, this.#spec, names, settings?.file ?? ''),
      one === undefined ? [] : this.#docker.commandLine(one.id),
      data,
    ]);
    const meant = new Set(states.filter((s) => s.slowDisk).map((s) => s.container));
    const found = seen.left.filter(({ command }) => !('outside' in command && meant.has(command.outside)));
    const left = [...found, ...marks];
    if (one === undefined || settings === undefined) return left;
    const file = fileOf(seen, one.name, settings.file);
    // What it was told cannot be read: nobody can say what is other than that.
    if (file === undefined) return left;
    return [...left, ...settingsLeft(settings.now, soundSettings(file, commandLine))];
  }
}

/** The settings in Redis' own file; undefined where they are not all there. */
function fileOf({ settings }: Seen, container: string, path: string): Readonly<Record<string, string>> | undefined {
  if (path === '') return {};
  const told = settings[container];
  return told === undefined || 'include' in told ? undefined : told;
}
