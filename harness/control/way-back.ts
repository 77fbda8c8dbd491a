import { candidates, containerName } from '../core/aim.ts';
import { manualCommand } from '../core/command.ts';
import { ChaosError } from '../core/errors.ts';
import type { ProxyRef, Residue, TopologySpec } from '../core/topology.ts';
import type { UndoStep } from '../core/undo.ts';
import type { Commands } from './commands.ts';
import { crossed, crossing } from './data-path.ts';
import type { DockerControl, ListedContainer } from './docker.ts';
import { LeftBehind } from './left-behind.ts';
import type { PostgresControl } from './postgres.ts';
import { Proxies } from './proxies.ts';
import { containerResidue, missingContainers, missingResidue, proxyResidue, sameLimits } from './residue.ts';
import type { ToxiproxyControl } from './toxiproxy.ts';

const TOXIPROXY_SERVICE = 'toxiproxy';
/** Two questions of 2 s each, and a container that starts them. Milliseconds. */
const CROSSING_MS = 6_000;

interface WayBackOptions {
  readonly spec: TopologySpec;
  readonly docker: DockerControl;
  readonly toxiproxy: ToxiproxyControl;
  readonly commands: Commands;
  readonly postgres: PostgresControl;
  readonly compose: (args: readonly string[]) => Promise<string>;
}

/** How a topology comes back: step by step of what is known, and by looking for what nobody knows of. */
export class WayBack {
  readonly #spec: TopologySpec;
  readonly #docker: DockerControl;
  readonly #toxiproxy: ToxiproxyControl;
  readonly #commands: Commands;
  readonly #leftBehind: LeftBehind;
  readonly #compose: WayBackOptions['compose'];
  readonly #proxies: Proxies;

  constructor({ spec, docker, toxiproxy, commands, postgres, compose }: WayBackOptions) {
    this.#spec = spec;
    this.#docker = docker;
    this.#toxiproxy = toxiproxy;
    this.#commands = commands;
    this.#leftBehind = new LeftBehind({ spec, docker, postgres });
    this.#compose = compose;
    this.#proxies = new Proxies({
      toxiproxy,
      links: Object.values(spec.links),
      restart: () => this.#restartToxiproxy(),
      crosses: (proxy) => this.#crosses(proxy),
    });
  }

  #list(): Promise<ListedContainer[]> {
    return this.#docker.list(this.#spec.project);
  }

  async undo(step: UndoStep): Promise<void> {
    switch (step.do) {
      case 'start-container':
        return this.#docker.start(step.container.id);
      case 'unpause-container':
        return this.#docker.unpause(step.container.id);
      case 'connect-network':
        return this.#docker.connect(step.container.id, step.network, { ip: step.ip, aliases: step.aliases });
      case 'remove-toxic':
        return this.#proxies.removeToxic(step.proxy, step.toxic);
      case 'enable-proxy':
        return this.#proxies.enable(step.proxy);
      case 'set-limits':
        return this.#docker.limit(step.container.id, step.limits);
      case 'make-container':
        return this.#make(step.container.service, step.container.name);
      case 'command':
        await this.#commands.carryOut(step.command, 'info');
        return;
    }
  }

  /**
   * Makes a container of a service again under its old name, and starts it. Compose makes what is missing and numbers it
   * on from the highest: what it made is the pattern for the one that is wanted.
   */
  async #make(service: string, name: string): Promise<void> {
    const there = (await this.#list()).find((c) => c.name === name);
    if (there !== undefined) return this.#docker.start(there.id);
    await this.#compose(['up', '--no-start', '--no-deps', '--no-recreate', '--no-build', '--pull', 'never', service]);
    const members = (await this.#list()).filter((c) => c.service === service);
    const made = members.find((c) => c.name === name);
    if (made !== undefined) return this.#docker.start(made.id);
    // By its number, not by what was there before: an earlier attempt may have ended here.
    const surplus = members.findLast((c) => c.replica > (this.#spec.services[service]?.replicas ?? 1));
    if (surplus === undefined) throw notMade(name);
    await this.#docker.start(await this.#docker.remake(surplus, name, replicaOf(this.#spec, service, name)));
  }

  async residue(): Promise<Residue[]> {
    const [containers, networks, helpers] = await Promise.all([
      this.#list(),
      this.#docker.networks(this.#spec.project),
      this.#docker.helpers.left(this.#spec.project),
    ]);
    const states = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    const found = states.flatMap((state, i) => {
      const container = containers[i] as ListedContainer;
      return containerResidue(container, state, networks, this.#spec.services[container.service]?.limits);
    });
    found.push(...missingResidue(containers, this.#spec));
    const proxied = states.some((s) => s.running && !s.paused && s.container.includes(TOXIPROXY_SERVICE));
    const [behind, proxies] = await Promise.all([
      this.#leftBehind.find(containers, states),
      proxied ? this.#proxyResidue() : [],
    ]);
    for (const { kind, target, command } of behind) {
      found.push({ kind, target, how_to_undo: manualCommand(command, this.#spec) });
    }
    found.push(...proxies);
    const left = helpers.map((h) => ({
      kind: 'helper container',
      target: h.name,
      how_to_undo: `docker rm -f ${h.name}`,
    }));
    return [...found, ...left];
  }

  async #proxyResidue(): Promise<Residue[]> {
    try {
      return proxyResidue(await this.#toxiproxy.proxies(), Object.values(this.#spec.links), this.#spec.toxiproxy);
    } catch (error) {
      const restart = `docker compose -p ${this.#spec.project} restart ${TOXIPROXY_SERVICE}`;
      return [{ kind: 'toxiproxy', target: (error as Error).message, how_to_undo: restart }];
    }
  }

  async restore(): Promise<void> {
    const [containers, networks, helpers] = await Promise.all([
      this.#list(),
      this.#docker.networks(this.#spec.project),
      this.#docker.helpers.left(this.#spec.project),
    ]);
    await Promise.all(helpers.map((h) => this.#docker.remove(h.id)));
    await Promise.all(
      containers.map(async (c) => {
        const state = await this.#docker.inspect(c.id);
        if (state.paused) await this.#docker.unpause(c.id);
        for (const network of networks) {
          if (state.networks[network] === undefined) {
            await this.#docker.connect(c.id, network, { ip: '', aliases: [c.name, c.service] });
          }
        }
        if (!state.running) await this.#docker.start(c.id);
        const limits = this.#spec.services[c.service]?.limits;
        if (limits !== undefined && !sameLimits(limits, state.limits)) await this.#docker.limit(c.id, limits);
      }),
    );
    for (const { service, name } of missingContainers(containers, this.#spec)) await this.#make(service, name);
    await this.#takeBack();
    if (containers.some((c) => c.service === TOXIPROXY_SERVICE)) await this.#proxies.restore();
  }

  /** What cannot be taken back now, the next look names. */
  async #takeBack(): Promise<void> {
    const containers = await this.#list();
    const states = await Promise.all(containers.map((c) => this.#docker.inspect(c.id)));
    const left = await this.#leftBehind.find(containers, states);
    const commands = new Map(left.map(({ command }) => [JSON.stringify(command), command]));
    for (const command of commands.values()) await this.#commands.carryOut(command, 'info').catch(() => undefined);
  }

  /** Frozen from outside, frozen within, dead or gone: afterwards it is there. */
  async #restartToxiproxy(): Promise<void> {
    const container = (await this.#list()).find((c) => c.service === TOXIPROXY_SERVICE);
    if (container === undefined) {
      return this.#make(TOXIPROXY_SERVICE, containerName(this.#spec, TOXIPROXY_SERVICE, 1));
    }
    await this.#docker.unpause(container.id);
    await this.#docker.restart(container.id);
  }

  async #crosses(proxy: ProxyRef): Promise<boolean> {
    const link = Object.values(this.#spec.links).find((l) => l.proxy === proxy.name);
    const run = crossing(proxy, link?.protocol ?? 'tcp');
    const container = (await this.#list()).find((c) => c.service === TOXIPROXY_SERVICE);
    if (run === undefined || container === undefined) return container !== undefined;
    return crossed((await this.#docker.exec(container.id, run, undefined, CROSSING_MS)).code);
  }
}

/** 1-based, of a container by its name. */
const replicaOf = (spec: TopologySpec, service: string, name: string): number =>
  candidates(spec, { service }).indexOf(name) + 1;

const notMade = (name: string): ChaosError =>
  new ChaosError('CHAOS_COMPOSE', {
    what: `docker compose did not make ${name} again`,
    hint: 'Run `chaos topology down` and `chaos topology up`: the topology is made anew.',
    exit: 'error',
  });
