import { type Snapshot, STATE } from '../../core/topology/snapshot/snapshot.ts';
import type { ListedProxy } from './toxiproxy.ts';

/** Every address of the container, as Toxiproxy prints it or as a proxy that was made again asked for it. */
const EVERYWHERE = /^(?:\[::\]|0\.0\.0\.0):/;

/** Returns what a fault can change in Toxiproxy. `proxies` is undefined when it does not answer. */
export const proxyValues = (proxies: readonly ListedProxy[] | undefined): Snapshot => ({
  Toxiproxy: {
    [STATE]: proxies === undefined ? 'does not answer' : 'answers',
    ...Object.fromEntries((proxies ?? []).flatMap(valuesOf)),
  },
});

const valuesOf = ({ name, listen, upstream, enabled, toxics }: ListedProxy): [string, string][] => [
  [`proxy ${name}`, `${enabled ? 'enabled' : 'disabled'}, ${listen.replace(EVERYWHERE, ':')} to ${upstream}`],
  ...toxics.map((toxic): [string, string] => [`toxic ${toxic.name} of ${name}`, JSON.stringify(toxic)]),
];
