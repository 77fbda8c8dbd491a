import type { Fault } from '../../harness/core/fault.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { faults } from '../../harness/faults/index.ts';

export interface Offered {
  readonly faults: readonly Fault[];
  /** "packet_delay (netem)": what this machine cannot do, and what it lacks. */
  readonly skipped: readonly string[];
}

/** The faults of these names (all, where none are named) that this machine can do. */
export async function offeredFaults(topology: TopologyControl, names?: readonly string[]): Promise<Offered> {
  const unknown = names?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`no fault is named ${unknown.join(', ')}`);
  const found: { faults: Fault[]; skipped: string[] } = { faults: [], skipped: [] };
  for (const fault of faults.filter(({ name }) => names === undefined || names.includes(name))) {
    const offered = await Promise.all((fault.requires ?? []).map((requirement) => topology.offers(requirement)));
    if (offered.every(Boolean)) found.faults.push(fault);
    else found.skipped.push(`${fault.name} (${fault.requires?.join(', ')})`);
  }
  return found;
}

/** A replica that was down a moment ago is sent no requests for a while: its links would not be in use. */
export const linksFirst = (all: readonly Fault[]): readonly Fault[] => {
  const ofLink = (fault: Fault): boolean => fault.aims(fault.params.parse(fault.example)).link !== undefined;
  return [...all.filter(ofLink), ...all.filter((fault) => !ofLink(fault))];
};
