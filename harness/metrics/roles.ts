import { z } from 'zod';
import { defineMetric, type Reading } from '../core/metric.ts';
import type { RunEvent } from '../core/events.ts';
import type { Observation } from '../core/observation.ts';
import { lagBehind, REPLAYED, REPLICATION, WRITTEN } from '../core/acts/replication.ts';
import type { Role, TopologySpec } from '../core/topology.ts';

const group = z.string().meta({ description: 'A group of the topology', examples: ['postgres'] });

/** Roles are recorded when they change: between changes the load's seconds tell that time goes by. */
const membersThatAre =
  (role: Role) =>
  (of: string, { groups }: TopologySpec) => {
    const members = groups[of]?.length ?? 0;
    const roles = new Map<string, string>();
    return (event: RunEvent): readonly Reading[] => {
      if (event.kind === 'role' && event.group === of) roles.set(event.member, event.role);
      else if (event.kind !== 'load') return [];
      if (roles.size < members) return [];
      return [{ of, value: [...roles.values()].filter((one) => one === role).length }];
    };
  };

const refers = (of: string) => ({ group: of });

export const roles = [
  defineMetric({
    name: 'primaries',
    summary: 'How many members of a group say that they are primary. At each change.',
    unit: 'count',
    spanMs: 0,
    of: group,
    example: { of: 'postgres', above: 1, for: '2s' },
    refers,
    read: membersThatAre('primary'),
  }),
  defineMetric({
    name: 'standbys',
    summary: 'How many members of a group say that they are standby. At each change.',
    unit: 'count',
    spanMs: 0,
    of: group,
    example: { of: 'postgres', below: 1, for: '60s' },
    refers,
    read: membersThatAre('standby'),
  }),
  defineMetric({
    name: 'replication_lag',
    summary: 'How long ago the primary had written what the slowest standby has replayed. Twice a second.',
    unit: 'duration',
    spanMs: 500,
    example: { above: '10s', for: '5s' },
    needs: () => ({ observers: REPLICATION }),
    read() {
      const written: Observation[] = [];
      return (event) => {
        if (event.kind !== 'observation') return [];
        if (event.observer === WRITTEN) written.push(event);
        if (event.observer !== REPLAYED || !event.ok) return [];
        const value = lagBehind(written, event);
        return value === undefined ? [] : [{ of: 'the standby', value }];
      };
    },
  }),
];
