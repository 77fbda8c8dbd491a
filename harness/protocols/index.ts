import { listFolder } from '../core/kinds/list-folder.ts';
import type { Protocol } from '../core/kinds/protocol.ts';

/** Every protocol that a service or a link can speak. A new protocol needs a new file here and nothing else. */
export const protocols = await listFolder<Protocol>(new URL('.', import.meta.url));

/** Returns a protocol by its name; undefined when this version lacks it. A record of another version may name it. */
export const protocolOf = (name: string): Protocol | undefined => protocols.find((protocol) => protocol.name === name);
