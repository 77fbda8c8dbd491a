import { z } from 'zod';
import type { Evidence, FaultRecord } from '../../core/kinds/fault.ts';
import { isNetwork, type Observation, type Observer } from '../../core/record/observation.ts';
import { median } from '../../core/stats.ts';
import { candidates } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { describeVantage, vantageOf } from '../../core/topology/witness.ts';
import { servedBy } from '../acts/certificate.ts';
import { mostly, proveEach, soundBefore } from './evidence.ts';

export const certificateService = z
  .string()
  .default('nginx')
  .meta({ description: 'The service that serves the entry over TLS', examples: ['nginx'] });

/** Observers that make a new TLS handshake with each container of the service, as its consumer would. */
export function certificateObservers(spec: TopologySpec, service: string): Observer[] {
  const { port, name } = servedBy(spec, service);
  const vantage = vantageOf(spec, service);
  return candidates(spec, { service }).map((host) => ({
    id: `${describeVantage(vantage)} -> ${host}:${port} (certificate)`,
    ...vantage,
    protocol: 'tcp',
    host,
    port,
    kind: 'certificate',
    name,
  }));
}

/**
 * Effective when at least nine of ten new handshakes during the fault met `code`. Inconclusive when fewer than nine of
 * ten before it met a sound certificate. `describe` puts the readings during the fault into words.
 */
export function proveCertificate(
  record: FaultRecord,
  code: string,
  describe: (met: readonly Observation[]) => string,
): Evidence {
  const observerOf = (target: string): string =>
    record.observers.filter(isNetwork).find(({ host, kind }) => host === target && kind === 'certificate')?.id ?? '';
  return proveEach(record, observerOf, UNSEEN, (seen, target) => {
    const met = seen.during.filter(({ error }) => error === code);
    return soundBefore(seen) ?? mostly(seen, (o) => o.error === code, `${target}: ${describe(met)}`);
  });
}

const UNSEEN: Evidence = { effective: 'inconclusive', evidence: 'nobody asked the target for its certificate' };

/** Returns how long ago certificates expired, for people: "24.0 h". */
export function expiredSince(met: readonly Observation[]): string {
  const ms = median(met.flatMap(({ validMs }) => validMs ?? []));
  return ms === undefined ? 'an unknown time' : `${(-ms / 3_600_000).toFixed(1)} h`;
}
