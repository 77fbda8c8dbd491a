import { dirname } from 'node:path';
import { digestOf } from '../../core/freshness/digest.ts';
import { redactDeep } from '../../core/text/redact.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import type { Env } from '../../core/topology/compose.ts';
import { isMap, mapOf } from '../source/map.ts';

/**
 * Keys of a service that say how its image is made, and not how its containers behave. The image has an id of its own.
 * Names of containers and profiles differ between checkouts and calls.
 */
const LEFT_OUT: readonly string[] = ['build', 'container_name', 'develop', 'image', 'profiles', 'pull_policy'];
/** Keys of a published port that say where on this machine it is. */
const ON_THIS_MACHINE: readonly string[] = ['host_ip', 'published'];

const without = (map: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));

/**
 * Returns the digest of each service in the output of `docker compose config`, by its name. Secrets are masked first,
 * so no digest tells anything about a password. Paths below the folder of the first file count from there.
 */
export function digestsOf(config: unknown, [first = '']: readonly string[], env: Env): Record<string, string> {
  const folder = `${dirname(first)}/`;
  const secrets = secretsOf(env);
  const relative = (text: string): string => (text.startsWith(folder) ? `./${text.slice(folder.length)}` : text);
  return Object.fromEntries(
    Object.entries(mapOf(mapOf(config)['services'])).map(([name, service]) => {
      const kept = { ...without(mapOf(service), LEFT_OUT), ports: portsOf(mapOf(service)['ports']) };
      return [name, digestOf(redactDeep(kept, (text) => secrets(relative(text))))];
    }),
  );
}

const portsOf = (ports: unknown): unknown =>
  Array.isArray(ports) ? ports.map((port: unknown) => (isMap(port) ? without(port, ON_THIS_MACHINE) : port)) : ports;
