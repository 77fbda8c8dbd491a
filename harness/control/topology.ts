import { ChaosError } from '../core/errors.ts';
import { type Log, silent } from '../core/log.ts';
import { can, lackError, type MachineFeature } from '../core/topology/capability.ts';
import type { Command } from '../core/topology/command.ts';
import { overdrawn } from '../core/topology/connections.ts';
import { withProfile } from '../core/topology/compose.ts';
import type { Data, Links, Look, TopologyControl } from '../core/topology/control.ts';
import type { MonitoringControl } from '../core/topology/monitoring.ts';
import type { Residue } from '../core/topology/residue.ts';
import type { Snapshot } from '../core/topology/snapshot/snapshot.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { Health } from '../core/topology/state.ts';
import type { UndoStep } from '../core/topology/undo.ts';
import { type Adapter, each } from './adapter.ts';
import { Commands } from './commands.ts';
import { compose, type ComposeOptions } from './compose/compose.ts';
import { containers } from './docker/adapter.ts';
import { machineOffers } from './docker/commands.ts';
import { ProjectContainers } from './docker/containers.ts';
import type { DockerControl } from './docker/docker.ts';
import { makeAgain } from './docker/making/make.ts';
import { Project } from './docker/project.ts';
import { unwellContainers } from './docker/unwell.ts';
import { entry } from './http/entry.ts';
import { host } from './host/adapter.ts';
import { noMonitoring } from './prometheus/none.ts';
import { PrometheusControl } from './prometheus/prometheus.ts';
import { postgres } from './postgres/adapter.ts';
import { DATA_MS, PostgresControl } from './postgres/postgres.ts';
import { redis } from './redis/adapter.ts';
import { toxiproxy } from './toxiproxy/adapter.ts';
import { ToxiproxyControl } from './toxiproxy/toxiproxy.ts';
import { WayBack } from './way-back.ts';
import { ProjectWitnesses } from './witness/witnesses.ts';

export interface TopologyOptions {
  readonly spec: TopologySpec;
  readonly docker: DockerControl;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log?: Log;
}

/** A compose topology, with an adapter for each capability that it has. Touches only its own containers. */
export class ComposeTopology implements TopologyControl {
  readonly containers: ProjectContainers;
  readonly links: Links;
  readonly data: Data;
  readonly witnesses: ProjectWitnesses;
  readonly monitoring: MonitoringControl;
  readonly #project: Project;
  readonly #adapters: readonly Adapter[];
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #log: Log;
  readonly #commands: Commands;
  readonly #wayBack: WayBack;
  readonly #offers = new Map<MachineFeature, Promise<boolean>>();

  constructor({ spec, docker, env, log = silent }: TopologyOptions) {
    this.#env = withProfile(env, spec.monitoring?.profile);
    this.#log = log;
    const project = new Project(spec, docker);
    this.#project = project;
    const database = spec.database === undefined ? undefined : new PostgresControl(spec.database, log);
    const proxies = spec.toxiproxy === undefined ? undefined : new ToxiproxyControl(spec.toxiproxy, log);
    const run = (args: readonly string[]): Promise<string> => this.#make(args);
    const make = (service: string, name: string): Promise<void> => makeAgain(project, run, service, name);
    this.#adapters = [
      containers(project, run),
      host,
      entry(project),
      ...(spec.redis === undefined ? [] : [redis(project, spec.redis, log)]),
      ...(database === undefined ? [] : [postgres(project, database, log, (command) => this.ask(command))]),
      ...(proxies === undefined ? [] : [toxiproxy({ project, control: proxies, make })]),
    ];
    const primaryAddress = async (): Promise<string | undefined> => {
      if (database === undefined) throw lackError('a target with a role', 'sql');
      return database.primaryAddress();
    };
    this.containers = new ProjectContainers(project, primaryAddress, run);
    this.links = proxies ?? NO_LINKS;
    this.data = {
      reset: () => this.#reset(),
      async query(sql, params) {
        if (database === undefined) throw lackError('a query', 'sql');
        return database.query(sql, params, DATA_MS);
      },
    };
    this.witnesses = new ProjectWitnesses(project, log);
    this.monitoring = spec.monitoring === undefined ? noMonitoring : new PrometheusControl(spec.monitoring, env, log);
    this.#commands = new Commands(this.#adapters, log);
    this.#wayBack = new WayBack({ project, adapters: this.#adapters, commands: this.#commands });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every connection is made for one call: nothing is held open between calls.
  }

  // --- the topology as a whole ---------------------------------------------------------------------------------

  get spec(): TopologySpec {
    return this.#project.spec;
  }

  async #compose(
    args: readonly string[],
    more: Pick<ComposeOptions, 'signal' | 'onChild' | 'overlay'> = {},
  ): Promise<string> {
    const { files, project } = this.spec;
    // Compose waits for a silent engine for minutes, and says nothing. This call fails within ten seconds, and its
    // error says what is wrong.
    await this.#project.docker.version();
    return compose(args, { files, project, env: this.#env, log: this.#log, ...more });
  }

  /**
   * Makes the containers, networks and volumes that are missing, with the label of the harness where `makingOf` says
   * so. When somebody else made a container or a network of the project, no container that is there is made again.
   */
  async #make(args: readonly string[], more: Pick<ComposeOptions, 'signal' | 'onChild'> = {}): Promise<string> {
    const { overlay, besideOthers } = await this.#project.docker.making(this.spec);
    const [verb = 'up', ...rest] = args;
    const makes = verb === 'up' || verb === 'create';
    const gently = makes && besideOthers && !rest.includes('--no-recreate') ? ['--no-recreate'] : [];
    return this.#compose([verb, ...gently, ...rest], { ...more, overlay });
  }

  async presence(): Promise<'absent' | 'present'> {
    return (await this.containers.list()).length === 0 ? 'absent' : 'present';
  }

  async up(
    signal: AbortSignal,
    onChild: (pid: number | undefined) => void,
    only: readonly string[] = [],
  ): Promise<void> {
    const [wrong] = overdrawn(this.spec);
    if (wrong !== undefined)
      throw new ChaosError('CHAOS_CONNECTIONS', { what: wrong.message, hint: wrong.hint, exit: 'bad-input' });
    await this.#freeAddresses();
    const up = ['up', '--detach', '--no-build', '--pull', 'never'];
    if (only.length > 0) {
      await this.#make([...up, '--no-deps', '--no-recreate', '--wait', ...only], { signal, onChild });
      return;
    }
    const lasting = Object.values(this.spec.services).filter(({ oneShot }) => oneShot !== true);
    // With --wait, Compose waits in vain for a container that has ended, even with exit code 0. So --wait names only
    // the services that are not one-shot.
    const all = lasting.length === Object.keys(this.spec.services).length;
    if (!all) await this.#make(up, { signal, onChild });
    await this.#make([...up, '--wait', ...(all ? [] : lasting.map(({ name }) => name))], { signal, onChild });
  }

  /**
   * Makes stopped containers claim no address, unless the compose file gives them one. Compose could not start a
   * container whose address another one has taken meanwhile.
   */
  async #freeAddresses(): Promise<void> {
    const { docker, spec } = this.#project;
    const stopped = (await docker.list(spec.project)).filter(({ running }) => !running);
    const own = ({ service }: { service: string }): boolean =>
      (spec.services[service]?.networks ?? []).some(({ ip }) => ip !== undefined);
    await Promise.all(stopped.filter((c) => !own(c)).map(({ id }) => docker.forgetAddresses(id)));
  }

  down(): Promise<readonly string[]> {
    return this.#project.docker.removeMade(this.spec.project);
  }

  async health(): Promise<Health> {
    const seen = await this.#project.see();
    const containers = unwellContainers(this.spec, seen);
    if (containers.length > 0) return { healthy: false, waitingFor: containers };
    const waitingFor = await each(this.#adapters, (adapter) => adapter.unwell?.(seen));
    return { healthy: waitingFor.length === 0, waitingFor };
  }

  async describe(): Promise<{ engine: string; images: Record<string, string> }> {
    const [engine, containers] = await Promise.all([this.#project.docker.version(), this.containers.list()]);
    const running = Object.fromEntries(containers.map((c) => [c.service, c.image]));
    // Before the topology is up, a service has the image that the engine has under the name in the compose file.
    const named = await Promise.all(
      Object.values(this.spec.services).map(async ({ name, image }): Promise<[string, string][]> => {
        if (running[name] !== undefined || image === undefined) return [];
        const found = await this.containers.image(image);
        return found === undefined ? [] : [[name, found.id]];
      }),
    );
    return { engine, images: { ...Object.fromEntries(named.flat()), ...running } };
  }

  async #reset(): Promise<string> {
    if (!can(this.spec, 'reset')) throw lackError('a reset of the data', 'reset');
    let fingerprint = '';
    for (const adapter of this.#adapters) fingerprint = (await adapter.reset?.()) ?? fingerprint;
    return fingerprint;
  }

  // --- commands ------------------------------------------------------------------------------------------------

  act(command: Command): Promise<string> {
    return this.#commands.carryOut(command, 'info');
  }

  ask(command: Command): Promise<string> {
    return this.#commands.carryOut(command, 'debug');
  }

  /** Asks the machine only once for each feature: its kernel does not change while the harness runs. */
  offers(feature: MachineFeature): Promise<boolean> {
    const known = this.#offers.get(feature) ?? machineOffers(this.#project, feature);
    this.#offers.set(feature, known);
    return known;
  }

  // --- the way back --------------------------------------------------------------------------------------------

  undo(step: UndoStep): Promise<void> {
    return this.#wayBack.undo(step);
  }

  look(): Promise<Look> {
    return this.#wayBack.look();
  }

  residue(): Promise<readonly Residue[]> {
    return this.#wayBack.residue();
  }

  restore(before?: Snapshot): Promise<void> {
    return this.#wayBack.restore(before);
  }
}

const noLinks = (): Promise<never> => Promise.reject(lackError('a fault of a link', 'links'));
const NO_LINKS: Links = { proxy: noLinks, addToxic: noLinks, disableProxy: noLinks };
