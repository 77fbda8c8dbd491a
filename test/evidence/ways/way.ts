import type { Stack } from '../../helpers/stack.ts';

/** A way in which replicas join and leave the balancer. */
export interface Way {
  /** The word for --only. */
  readonly name: string;
  /** For the table. */
  readonly title: string;
  /** The folder of the compose file that is laid over the topology; undefined for the topology as it ships. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Tells the balancer the addresses that shall serve. Called when all of them are healthy. */
  joined?(stack: Stack, addresses: readonly string[]): Promise<void>;
  /** Tells the balancer the addresses that stay. Called before the other replicas are stopped. */
  leaving?(stack: Stack, staying: readonly string[]): Promise<void>;
}

/** Carries out a command in the only container of a service. */
export async function inContainerOf(service: string, stack: Stack, run: readonly string[]): Promise<string> {
  const [found] = await stack.topology.containers.states([service]);
  if (found === undefined) throw new Error(`there is no container of ${service}`);
  return stack.topology.act({ in: found.container, run });
}
