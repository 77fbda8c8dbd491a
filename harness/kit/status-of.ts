import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { basePath } from '../core/load/address.ts';

/**
 * Resolves with the HTTP status that a path of an address answers. The path is sent as it is written: `fetch` would
 * resolve and encode parts of it. A redirection is an answer. Rejects without an answer within `ms` milliseconds.
 */
export function statusOf(address: string, path: string, ms: number): Promise<number> {
  const { protocol, hostname, port } = new URL(address);
  const get = protocol === 'https:' ? getSecure : getPlain;
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const options = { host, port, path: basePath(address) + path, agent: false, signal: AbortSignal.timeout(ms) };
    const asked = get(options, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    asked.on('error', reject);
  });
}
