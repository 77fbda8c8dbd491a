import type { Links } from '../../../../harness/core/topology/control.ts';
import type { ProxyRef } from '../../../../harness/core/topology/proxy.ts';
import { noTarget, type Scene, start } from './scene.ts';
import type { Container } from './world.ts';

type Proxies = NonNullable<Container['inside']['proxies']>;

/** The container of Toxiproxy. */
function toxiproxyOf({ world }: Scene): { readonly name: string; readonly container: Container } | undefined {
  const [found] = Object.entries(world.containers).filter(([, { inside }]) => inside.proxies !== undefined);
  return found === undefined ? undefined : { name: found[0], container: found[1] };
}

/** Returns the proxies by name. Throws when Toxiproxy does not answer. */
function proxiesOf(scene: Scene): Proxies {
  const found = toxiproxyOf(scene)?.container;
  if (found?.state !== 'running' || found.inside.proxies === undefined) throw noTarget('Toxiproxy does not answer');
  return found.inside.proxies;
}

/** Returns the proxies for an undo, which makes Toxiproxy run again and makes a proxy that is missing. */
export function mendedProxies(scene: Scene, { name, listen, upstream }: ProxyRef): Proxies {
  const found = toxiproxyOf(scene);
  if (found === undefined) throw noTarget('there is no Toxiproxy');
  if (found.container.state === 'paused') found.container.state = 'running';
  start(scene, found.name);
  const proxies = proxiesOf(scene);
  proxies[name] ??= { listen, upstream, enabled: true, toxics: {} };
  return proxies;
}

/** The acts on proxies. `act` carries out a change under the name of its method. */
export function linksOf(scene: Scene, act: (name: string, change: () => void) => Promise<void>): Links {
  const proxyOf = (name: string) => {
    const found = proxiesOf(scene)[name];
    if (found === undefined) throw noTarget(`Toxiproxy has no proxy ${name}`);
    return found;
  };
  return {
    proxy: async (name) => {
      const { listen, upstream } = proxyOf(name);
      return { name, listen, upstream };
    },
    addToxic: ({ name: proxy }, { name, ...toxic }) =>
      act('addToxic', () => void (proxyOf(proxy).toxics[name] = structuredClone(toxic))),
    disableProxy: ({ name }) =>
      act('disableProxy', () => {
        proxyOf(name).enabled = false;
        scene.past.push(`the connections of ${name} ended`);
      }),
  };
}
