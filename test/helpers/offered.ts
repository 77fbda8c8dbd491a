import { isFeature } from '../../harness/core/topology/capability.ts';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { faults } from '../../harness/faults/index.ts';

export interface Offered {
  readonly faults: readonly Fault[];
  /** The faults that this machine cannot do, each with what it lacks: "packet_delay (netem)". */
  readonly skipped: readonly string[];
}

/** Returns the named faults that this machine can do; without names, all that it can do. Throws for an unknown name. */
export async function offeredFaults(topology: TopologyControl, names?: readonly string[]): Promise<Offered> {
  const unknown = names?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`no fault is named ${unknown.join(', ')}`);
  const found: { faults: Fault[]; skipped: string[] } = { faults: [], skipped: [] };
  for (const fault of faults.filter(({ name }) => names === undefined || names.includes(name))) {
    const offered = await Promise.all(
      (fault.requires ?? []).filter(isFeature).map((requirement) => topology.offers(requirement)),
    );
    if (offered.every(Boolean)) found.faults.push(fault);
    else found.skipped.push(`${fault.name} (${fault.requires?.join(', ')})`);
  }
  return found;
}

/**
 * Puts the faults of links first. A fault that takes a replica down must not come before them: the replica gets no
 * requests for a while afterwards, so its links would not be in use.
 */
export const linksFirst = (all: readonly Fault[]): readonly Fault[] => {
  const ofLink = (fault: Fault): boolean => fault.bind(fault.params.parse(fault.example)).aims.link !== undefined;
  return [...all.filter(ofLink), ...all.filter((fault) => !ofLink(fault))];
};
