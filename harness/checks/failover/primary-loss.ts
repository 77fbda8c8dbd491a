import { isContainerOf } from '../../core/topology/aim.ts';
import type { FaultRecord } from '../../core/kinds/fault.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** The needed parts of a record, or of the beginning of a record. */
type Recorded = Pick<History, 'events' | 'faults'> & { readonly topology: TopologySpec };

export interface Loss {
  readonly record: FaultRecord;
  readonly member: string;
  /** Epoch milliseconds: when the member's process ended, at the latest when the fault came into force. */
  readonly at: number;
  /** Whether the container's own state shows the loss. */
  readonly seen: boolean;
}

/** Returns the first fault that hit the member that was the primary at that time; undefined when there is none. */
export function primaryLoss(history: Recorded, group: string): Loss | undefined {
  const { topology } = history;
  const { groups } = topology;
  const roles = eventsOf(history, 'role').filter((e) => e.group === group);
  for (const record of history.faults) {
    const { injecting, injected, healing = Infinity } = record;
    if (injected === undefined) continue;
    const roleOf = (name: string): string | undefined =>
      roles.findLast((e) => e.member === name && e.t <= injecting)?.role;
    const member = groups[group]?.find((name) => roleOf(name) === 'primary');
    const container = record.targets.find((name) => member !== undefined && isContainerOf(name, topology, member));
    if (member === undefined || container === undefined) continue;
    const states = record.states.filter((s) => s.container === container && s.t >= injecting && s.t < healing);
    const ended = states.find((s) => s.finishedAt >= injecting - 1)?.finishedAt;
    const gone = states.some((s) => !s.running || s.paused || Object.keys(s.networks).length === 0);
    return { record, member, at: Math.min(ended ?? injected, injected), seen: ended !== undefined || gone };
  }
  return undefined;
}
