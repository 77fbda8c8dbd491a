import type { LoadSpec } from '../core/load/load.ts';
import { containerName } from '../core/topology/aim.ts';
import { lackError } from '../core/topology/capability.ts';
import type { Topology } from '../core/topology/control.ts';

/**
 * Resolves with the address of a load over TLS, and with what it trusts: the authority that the topology says. Its
 * certificate is read in the first container of the service. Throws CHAOS_LACKS when the topology has no entry over TLS,
 * and CHAOS_COMMAND when the certificate cannot be read.
 */
export async function entryOverTls(
  topology: Pick<Topology, 'spec' | 'ask'>,
): Promise<Pick<LoadSpec, 'baseUrl' | 'trust'>> {
  const { tls } = topology.spec;
  if (tls === undefined) throw lackError('a load over TLS', 'tls');
  const place = containerName(topology.spec, tls.service, 1);
  const authorities = await topology.ask({ in: place, run: ['cat', tls.authority] });
  // The name takes the place of the address, so that the load asks for it and the certificate must have it.
  const { hostname, host } = new URL(tls.entry);
  const baseUrl = tls.entry.replace(host, host.replace(hostname, tls.name));
  return { baseUrl, trust: { authorities, address: hostname } };
}
