import { createServer } from 'node:net';
import type { Shell } from '../shell.ts';
import type { Fact } from './fact.ts';

/** Ports on 127.0.0.1 that the topology publishes: the purpose, the variable that changes the port, the default. */
const PORTS = [
  { purpose: 'http', variable: 'CHAOS_HTTP_PORT', fallback: 18080 },
  { purpose: 'https', variable: 'CHAOS_HTTPS_PORT', fallback: 18443 },
  { purpose: 'toxiproxy', variable: 'CHAOS_TOXIPROXY_PORT', fallback: 18474 },
  { purpose: 'sql', variable: 'CHAOS_SQL_PORT', fallback: 15432 },
  { purpose: 'redis', variable: 'CHAOS_REDIS_PORT', fallback: 16379 },
] as const;

export async function portFacts(shell: Shell): Promise<Fact[]> {
  return await Promise.all(
    PORTS.map(async ({ purpose, variable, fallback }) => {
      const port = readPort(process.env[variable], fallback);
      const name = `port ${purpose}`;
      const remedy = `Free the port, or give another one: ${variable}=<port>.`;
      if (port === undefined) return { name, ok: false, value: `${variable} is not a port number`, remedy };
      if (await isFree(port)) return { name, ok: true, value: `${String(port)} free`, remedy };
      const format = '{{.Label "chaos.made"}}|{{.Names}}';
      const { stdout } = await shell('docker', ['ps', '--filter', `publish=${String(port)}`, '--format', format], {
        deadlineMs: 10_000,
      });
      return { name, ...portHolder(port, stdout), remedy };
    }),
  );
}

export function readPort(text: string | undefined, fallback: number): number | undefined {
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/**
 * Reads `label|container` of the container that publishes the port. A container with a label belongs to one of our
 * topologies.
 */
export function portHolder(port: number, listing: string): Pick<Fact, 'ok' | 'value'> {
  const [line = ''] = listing.trim().split('\n');
  const [label = '', container = ''] = line.split('|');
  if (container === '') return { ok: false, value: `${String(port)} held by another program` };
  if (label === '')
    return { ok: false, value: `${String(port)} held by the container ${container}, which is not ours` };
  return { ok: true, value: `${String(port)} held by our own topology (${container})` };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise<boolean>((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
