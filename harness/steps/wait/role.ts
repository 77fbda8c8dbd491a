import { z } from 'zod';
import { defineCondition } from '../../core/kinds/condition.ts';
import type { EventOf } from '../../core/record/events.ts';
import { eventsOf } from '../../core/record/history.ts';
import { firstEvent } from '../../kit/first-event.ts';
import { didYouMean } from '../../kit/suggest.ts';

const params = z.strictObject({
  service: z.string().meta({ description: 'A group of the topology, or a member of one', examples: ['postgres'] }),
  becomes: z
    .enum(['primary', 'standby', 'unknown'])
    .meta({ description: 'The role that a member takes after the step before began; unknown: it no longer answers' }),
});

/** The run's own events say who has which role. So nobody is asked a second time. */
export default defineCondition({
  name: 'role',
  summary: "A member takes a role. The database's manager is asked every 500 ms",
  example: { service: 'postgres', becomes: 'primary' },
  params,
  requires: ['roles'],
  describe: ({ service, becomes }) =>
    becomes === 'unknown' ? `one of ${service} no longer answers` : `one of ${service} becomes ${becomes}`,
  mismatches({ service }, { path, topology }) {
    if (topology === undefined) return [];
    const known = [...Object.keys(topology.groups), ...Object.values(topology.groups).flat()];
    if (known.includes(service)) return [];
    const message = `the topology has no group or member of a group "${service}"`;
    return [{ path: [...path, 'service'], code: 'CHAOS_UNKNOWN_SERVICE', message, hint: didYouMean(service, known) }];
  },
  async comeAbout({ service, becomes }, { since, signal, saw, changes, onEvent }) {
    const taken = (): number | undefined => {
      const seen = eventsOf({ events: changes() }, 'role').filter((e) => e.group === service || e.member === service);
      const found = seen.find((e, i) => e.t >= since && e.role === becomes && roleBefore(seen, i) !== becomes);
      const last = found ?? seen.at(-1);
      if (last !== undefined) saw(`${last.member} is ${last.role}`);
      return found?.t;
    };
    const already = taken();
    if (already !== undefined) return already;
    return firstEvent({ signal, onEvent }, (event) => (event.kind === 'role' ? taken() : undefined));
  },
});

/**
 * Returns the role that the member of an event had before. An event may repeat a role, with another state or another
 * timeline. Then the member has not taken the role.
 */
const roleBefore = (seen: readonly EventOf<'role'>[], i: number): string | undefined =>
  seen.slice(0, i).findLast((e) => e.member === seen[i]?.member)?.role;
