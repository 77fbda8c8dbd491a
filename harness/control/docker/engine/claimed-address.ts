import type Docker from 'dockerode';

export interface NetworkAttachment {
  /** Empty when the engine is to choose the address. */
  readonly ip: string;
  readonly aliases: readonly string[];
}

/** Whether the engine refused an address because another container has it by now. A port that is taken is no address. */
const isTaken = ({ message }: Error): boolean => /address already in use/i.test(message) && !/bind|port/i.test(message);

/** Whether the engine refused an address because the network has no subnet of its own in the compose file. */
const isItsChoice = ({ message }: Error): boolean => /user (?:configured|defined) subnets/i.test(message);

/**
 * Connects a container to a network with its aliases, by which other containers find it. It gets the address that it
 * had, so that connections through it go on. When another container has that address by now, or the engine chooses
 * every address of the network, the engine chooses one.
 */
export async function connectTo(
  docker: Docker,
  id: string,
  network: string,
  { ip, aliases }: NetworkAttachment,
): Promise<void> {
  const endpoint = { Aliases: [...aliases], ...(ip === '' ? {} : { IPAMConfig: { IPv4Address: ip } }) };
  try {
    await docker.getNetwork(network).connect({ Container: id, EndpointConfig: endpoint });
  } catch (error) {
    const refused = error as Error;
    if (/already exists|already connected/i.test(refused.message)) return;
    if (ip === '' || !(isTaken(refused) || isItsChoice(refused))) throw error;
    await connectTo(docker, id, network, { ip: '', aliases });
  }
}

/**
 * Starts a container. When another container has its address by now, the engine chooses one: a container that got its
 * address back after a partition claims it from then on, and would never start again.
 */
export async function startAt(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  try {
    await container.start();
  } catch (error) {
    if (!isTaken(error as Error)) throw error;
    await forgetAddresses(docker, id);
    await container.start();
  }
}

/** Makes a stopped container claim no address: the engine chooses one when the container starts. */
export async function forgetAddresses(docker: Docker, id: string): Promise<void> {
  const { NetworkSettings: settings, State: state } = await docker.getContainer(id).inspect();
  // A paused container runs too: its connections would end.
  if (state.Running) return;
  for (const [name, { IPAMConfig: claimed, Aliases: aliases }] of Object.entries(settings.Networks)) {
    if (((claimed as { IPv4Address?: string } | null)?.IPv4Address ?? '') === '') continue;
    await docker.getNetwork(name).disconnect({ Container: id, Force: true });
    await connectTo(docker, id, name, { ip: '', aliases: (aliases as readonly string[] | null) ?? [] });
  }
}
