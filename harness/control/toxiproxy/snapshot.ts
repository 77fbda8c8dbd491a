import { SILENT, type Snapshot, STATE } from '../../core/topology/snapshot/snapshot.ts';
import type { ListedProxy } from './toxiproxy.ts';

/**
 * Stands for every address of the container. Toxiproxy prints [::]; the harness writes 0.0.0.0 when it makes a proxy
 * again.
 */
const EVERYWHERE = /^(?:\[::\]|0\.0\.0\.0):/;

/** Returns what a fault can change in Toxiproxy. `proxies` is undefined when it does not answer. */
export const proxyValues = (proxies: readonly ListedProxy[] | undefined): Snapshot => ({
  Toxiproxy: {
    [STATE]: proxies === undefined ? SILENT : 'answers',
    ...Object.fromEntries((proxies ?? []).flatMap(valuesOf)),
  },
});

const valuesOf = ({ name, listen, upstream, enabled, toxics }: ListedProxy): [string, string][] => [
  [`proxy ${name}`, `${enabled ? 'enabled' : 'disabled'}, ${listen.replace(EVERYWHERE, ':')} to ${upstream}`],
  ...toxics.map((toxic): [string, string] => [`toxic ${toxic.name} of ${name}`, JSON.stringify(toxic)]),
];
