import { isContainerOf } from '../core/aim.ts';
import type { FaultRecord } from '../core/fault.ts';
import { eventsOf, type History } from '../core/history.ts';
import type { TopologySpec } from '../core/topology.ts';

/** A record, or the beginning of one. */
type Seen = Pick<History, 'events' | 'faults'> & { readonly topology: TopologySpec };

export interface Loss {
  readonly record: FaultRecord;
  readonly member: string;
  /** Epoch milliseconds: the end of its process where there is one, else when the fault was in force. */
  readonly at: number;
  /** The container's own state shows it. */
  readonly seen: boolean;
}

/** The first fault that hit the member which was primary then. */
export function primaryLoss(history: Seen, group: string): Loss | undefined {
  const { groups, project } = history.topology;
  const roles = eventsOf(history, 'role').filter((e) => e.group === group);
  for (const record of history.faults) {
    const { injecting, injected, healing = Infinity } = record;
    if (injected === undefined) continue;
    const roleOf = (name: string): string | undefined =>
      roles.findLast((e) => e.member === name && e.t <= injecting)?.role;
    const member = groups[group]?.find((name) => roleOf(name) === 'primary');
    const container = record.targets.find((name) => member !== undefined && isContainerOf(name, project, member));
    if (member === undefined || container === undefined) continue;
    const states = record.states.filter((s) => s.container === container && s.t >= injecting && s.t < healing);
    const ended = states.find((s) => s.finishedAt >= injecting - 1)?.finishedAt;
    const gone = states.some((s) => !s.running || s.paused || Object.keys(s.networks).length === 0);
    return { record, member, at: Math.min(ended ?? injected, injected), seen: ended !== undefined || gone };
  }
  return undefined;
}
