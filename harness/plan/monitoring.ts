import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Mismatch } from '../core/plan/mismatch.ts';
import { can, describeLack } from '../core/topology/capability.ts';
import type { MonitoringSpec, TopologySpec } from '../core/topology/spec.ts';
import { valueAt } from './source/value-at.ts';

/** What shall watch a topology: its own profile (x-chaos.monitoring), or a Prometheus of the user. */
export type Monitoring = 'own' | MonitoringSpec;

const theirs = z.strictObject({
  prometheus: z.url({
    protocol: /^https?$/,
    error: 'write the address of Prometheus, for example https://prom.example',
  }),
  headers: z
    .record(
      z.string().regex(/^[\w-]+$/, { error: 'write the name of a header, for example authorization' }),
      z.string().regex(/^[A-Za-z_]\w*$/, {
        error: 'write the name of an environment variable, and not the value itself, which would be recorded',
      }),
    )
    .optional()
    .meta({ description: 'By name of a request header: the environment variable that has its value' }),
  ca: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'The file of the authority that signed its certificate, relative to this file' }),
});

export const monitoringShape = z
  .union([z.boolean(), theirs], { error: 'write true, or the address: { prometheus: https://prom.example }' })
  .default(false)
  .meta({
    description: "What watches the run: true for the topology's own Prometheus, or the address of yours",
    examples: [true, { prometheus: 'https://prom.example', ca: 'ca.pem' }],
  });

/** Returns what an experiment, as it was written, wants to be watched by. Undefined for nothing, and for a mistake. */
export function monitoringIn(file: string, written: unknown): Monitoring | undefined {
  const { data } = monitoringShape.safeParse(valueAt(written, ['monitoring']));
  if (data === undefined || data === false) return undefined;
  if (data === true) return 'own';
  const { prometheus, headers, ca } = data;
  return {
    prometheus,
    ...(headers === undefined ? {} : { headers }),
    ...(ca === undefined ? {} : { ca: resolve(dirname(file), ca) }),
  };
}

/** Returns the mistake of an experiment that wants the topology's own Prometheus, when the topology has none. */
export function monitoringMismatches(
  topology: TopologySpec | undefined,
  monitoring: Monitoring | undefined,
): Mismatch[] {
  if (monitoring !== 'own' || topology === undefined || can(topology, 'prometheus')) return [];
  const { what, hint } = describeLack('"monitoring: true"', ['prometheus']);
  return [{ path: ['monitoring'], code: 'CHAOS_LACKS', message: what, hint }];
}
