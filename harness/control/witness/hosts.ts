import type { Vantage } from '../../core/topology/witness.ts';
import type { DockerControl } from '../docker/docker.ts';
import { refusedWith } from '../docker/engine/error.ts';
import type { HelperOptions } from '../docker/helpers.ts';
import type { Host, Hosts } from './moving.ts';

/** Says where a witness for one vantage can run. `helper` is the container of the witness, without its network. */
interface HostsOptions {
  readonly docker: DockerControl;
  readonly project: string;
  readonly vantage: Vantage;
  readonly helper: Omit<HelperOptions, 'net'>;
}

export const hostsOf = (options: HostsOptions): Hosts =>
  options.vantage.neighbour === true ? networksOf(options) : containersOf(options);

/** The running containers of a consumer. A namespace ends with its container. */
function containersOf({ docker, project, vantage: { from }, helper }: HostsOptions): Hosts {
  return {
    async find() {
      const found = (await docker.list(project)).find((c) => c.service === from && c.running);
      return found && { id: found.id, name: found.name, startedAt: (await docker.inspect(found.id)).startedAt };
    },
    async isSame({ id, startedAt }) {
      try {
        const state = await docker.inspect(id);
        return state.running && state.startedAt === startedAt;
      } catch (error) {
        if (refusedWith(error) === 404) return false;
        throw error;
      }
    },
    attach: (host, onLine) => docker.helpers.watch({ ...helper, net: { of: host.id } }, onLine),
  };
}

/** Networks on which the engine resolves no names of containers. */
const NAMELESS = ['bridge', 'host', 'none'];

/**
 * A network of a service, whether the service's containers run or not. The network outlives them, so a witness on it
 * never moves.
 */
function networksOf({ docker, project, vantage: { from }, helper }: HostsOptions): Hosts {
  return {
    async find(): Promise<Host | undefined> {
      const container = (await docker.list(project)).find((c) => c.service === from);
      if (container === undefined) return undefined;
      const { networks } = await docker.inspect(container.id);
      const network = Object.keys(networks).find((name) => !NAMELESS.includes(name));
      return network === undefined ? undefined : { id: network, name: `network ${network}`, startedAt: 0 };
    },
    isSame: () => Promise.resolve(true),
    attach: (host, onLine) => docker.helpers.watch({ ...helper, net: { network: host.id } }, onLine),
  };
}
