import { z } from 'zod';
import type { Needs } from '../core/kinds/probe.ts';
import type { Unit } from '../core/units.ts';

/** A figure of every replica of a service, as a probe measures it. A series and its probe share these parameters. */
const figure = {
  service: z.string(),
  /** The name of the readings. */
  name: z.string(),
  unit: z.string(),
  everyMs: z.number().positive(),
};

/** A figure that a service exports at /metrics, in the text format of Prometheus. `metric`: its name there. */
export const exportedParams = z.strictObject({ ...figure, metric: z.string() });
export type Exported = z.output<typeof exportedParams>;

/** A figure that a command prints in a container. The command prints one number, and changes nothing. */
export const printedParams = z.strictObject({ ...figure, run: z.array(z.string()).min(1) });
export type Printed = z.output<typeof printedParams>;

type OfServices<P> = Omit<P, 'service' | 'unit'> & { readonly unit: Unit };

/** Asks the probe `exported` to read a figure from every replica of some services. */
export const exportedBy = (services: readonly string[], wanted: OfServices<Exported>): Needs => ({
  probes: { exported: services.map((service): Exported => ({ ...wanted, service })) },
});

/** Asks the probe `printed` to read a figure from every replica of some services. */
export const printedBy = (services: readonly string[], wanted: OfServices<Printed>): Needs => ({
  probes: { printed: services.map((service): Printed => ({ ...wanted, service })) },
});
