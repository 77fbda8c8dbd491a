import { containerName } from '../../core/topology/aim.ts';
import type { ProxyRef } from '../../core/topology/proxy.ts';
import type { Residue } from '../../core/topology/residue.ts';
import type { Adapter } from '../adapter.ts';
import type { ListedContainer } from '../docker/docker.ts';
import type { Project } from '../docker/project.ts';
import { crossed, crossing } from './data-path.ts';
import { Proxies } from './proxies.ts';
import { proxyResidue } from './residue.ts';
import { proxyValues } from './snapshot.ts';
import type { ToxiproxyControl } from './toxiproxy.ts';

/** Milliseconds for the test of a proxy: two attempts of 2 s each, and the start of the command in the container. */
const CROSSING_MS = 6_000;

interface ToxiproxyOptions {
  readonly project: Project;
  readonly control: ToxiproxyControl;
  /** Makes a container of this service again under this name, and starts it. */
  readonly make: (service: string, name: string) => Promise<void>;
}

/** Toxiproxy: the proxies of the links, and their way back. */
export function toxiproxy({ project, control, make }: ToxiproxyOptions): Adapter {
  const { spec, docker } = project;
  const { toxiproxy: url = '', toxiproxyService: service } = spec;
  const links = Object.values(spec.links);
  const mine = (containers: readonly ListedContainer[]): ListedContainer | undefined =>
    containers.find((c) => c.service === service);

  /** Makes Toxiproxy run again, whether it is paused, hangs, is dead or is gone. */
  async function restart(): Promise<void> {
    // Where no service publishes Toxiproxy's port, nobody can start it.
    if (service === undefined) return;
    const container = mine(await project.list());
    if (container === undefined) return make(service, containerName(project.spec, service, 1));
    await docker.unpause(container.id);
    await docker.restart(container.id);
  }

  async function crosses(proxy: ProxyRef): Promise<boolean> {
    const link = links.find((l) => l.proxy === proxy.name);
    const run = crossing(proxy, link?.protocol ?? 'tcp');
    if (run === undefined || service === undefined) return true;
    const container = mine(await project.list());
    if (container === undefined) return false;
    return crossed((await docker.exec(container.id, run, undefined, CROSSING_MS)).code);
  }

  const proxies = new Proxies({ toxiproxy: control, links, restart, crosses });
  return {
    undo: {
      'remove-toxic': ({ proxy, toxic }) => proxies.removeToxic(proxy, toxic),
      'enable-proxy': ({ proxy }) => proxies.enable(proxy),
    },

    async residue({ containers, states }): Promise<readonly Residue[]> {
      const own = states.filter((_, i) => service === undefined || containers[i]?.service === service);
      if (!own.some((s) => s.running && !s.paused)) return [];
      try {
        return proxyResidue(await control.proxies(), links, url);
      } catch (error) {
        const how_to_undo = `docker compose -p ${spec.project} restart ${service ?? ''}`;
        return [{ kind: 'toxiproxy', target: (error as Error).message, how_to_undo }];
      }
    },

    snapshot: async () => proxyValues(await control.listed().catch(() => undefined)),

    async restore({ containers }) {
      if (service === undefined ? containers.length > 0 : mine(containers) !== undefined) await proxies.restore();
    },
  };
}
