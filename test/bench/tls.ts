import { join } from 'node:path';
import { constantLoad } from '../../harness/core/load/plan.ts';
import { makeSite } from '../helpers/certificates.ts';
import { asPeer, type Client, columns, compare, COUNTED, LENGTH } from './beside.ts';
import { ours, table, TIMEOUT_MS, WARM_UP_SECONDS, whole, WORKLOAD, type Section } from './section.ts';
import { startTrivialServer } from './trivial.ts';

/** Requests per second. */
const RATE = 1_000;
/** The share of requests with a connection of their own. Its handshakes must stay below what the load opens at most. */
const NEW = 0.1;

/** Measures what a request costs the generator over HTTP and over TLS, on kept connections and with some new ones. */
export const tls: Section = async ({ url }) => {
  const site = makeSite();
  await using secure = await startTrivialServer(join(site.folder, 'site.pem'));
  const client = (name: string, to: string, newConnections: number): Client => ({
    name,
    run: () => {
      const plan = { ...constantLoad(WORKLOAD, RATE, TIMEOUT_MS), newConnections };
      const result = ours(plan, to, LENGTH, WARM_UP_SECONDS, { authorities: site.authorities });
      if (result.ok !== result.rows) throw new Error(`${name}: ${result.rows - result.ok} requests failed`);
      return asPeer(result, RATE);
    },
  });
  const some = `${NEW * 100} % on new connections`;
  const clients = [
    client('HTTP', url, 0),
    client('TLS', secure.url, 0),
    client(`HTTP, ${some}`, url, NEW),
    client(`TLS, ${some}`, secure.url, NEW),
  ];
  const rows = compare(clients, 'HTTP');
  const caption = `The certificate has a key on the curve P-256. A new connection makes a whole handshake. ${COUNTED}`;
  return `${table(`TLS at ${whole(RATE)}/s, open arrivals`, columns('HTTP'), rows)}\n${caption}\n`;
};
