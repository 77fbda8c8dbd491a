import type { Composed, ComposedService } from './shape.ts';

/** A service and the port in its containers to which an address of this machine leads. */
interface Led {
  readonly service: string;
  readonly port: number;
}

/** Returns where an address on 127.0.0.1 leads, by the published ports. Undefined when no service publishes its port. */
export function behind(services: Composed['services'], address: string | undefined): Led | undefined {
  if (address === undefined) return undefined;
  const { port } = new URL(address);
  for (const [service, { ports }] of Object.entries(services)) {
    const found = ports.find(({ published, protocol }) => protocol === 'tcp' && published === port);
    if (found !== undefined) return { service, port: found.target };
  }
  return undefined;
}

/**
 * Returns the port on which a service listens and its protocol, as far as the ports in the compose file say them. The
 * load speaks HTTP and enters at `entry`, so that port speaks HTTP. The file does not say what other ports speak: they
 * count as TCP.
 */
export function listensAt(
  name: string,
  { ports, expose }: ComposedService,
  entry: Led | undefined,
): { readonly port: number | undefined; readonly protocol: string } {
  if (entry?.service === name) return { port: entry.port, protocol: 'http' };
  const exposed = expose.map((text) => /^(\d+)(?:\/tcp)?$/.exec(text)?.[1]).find((port) => port !== undefined);
  const [port] = ports.filter(({ protocol }) => protocol === 'tcp').map(({ target }) => target);
  return { port: port ?? (exposed === undefined ? undefined : Number(exposed)), protocol: 'tcp' };
}
