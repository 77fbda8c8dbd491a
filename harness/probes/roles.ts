import { together } from '../core/dispose.ts';
import type { Probe } from '../core/probe.ts';
import type { Answer, Role } from '../core/topology.ts';

const EVERY_MS = 500;
/** Patroni's REST interface on every node. */
const PATRONI_PORT = 8008;

interface Patroni {
  readonly role?: string;
  readonly state?: string;
  readonly timeline?: number;
}

/** What a node says of itself; 'unknown' where it does not answer. */
export function roleOf(answer: Pick<Answer, 'ok' | 'body'>): {
  role: Role | 'unknown';
  state: string;
  timeline: number | null;
} {
  if (!answer.ok || answer.body === undefined) return { role: 'unknown', state: 'unreachable', timeline: null };
  try {
    const said = JSON.parse(answer.body) as Patroni;
    const running = said.state === 'running';
    const leads = said.role === 'master' || said.role === 'primary';
    const role = !running ? 'unknown' : leads ? 'primary' : 'standby';
    return { role, state: said.state ?? 'unknown', timeline: said.timeline ?? null };
  } catch {
    return { role: 'unknown', state: 'unreadable', timeline: null };
  }
}

export const roles: Probe = {
  name: 'roles',
  summary: "Asks each database node for its role, from the router's network namespace; a change is an event.",
  async start({ run, topology, emit }) {
    const started = Object.entries(topology.spec.groups).flatMap(([group, members]) => {
      const from = topology.spec.services[members[0] ?? '']?.consumer;
      if (from === undefined) return [];
      const last = new Map<string, string>();
      const questions = members.map((member) => ({
        id: member,
        protocol: 'http' as const,
        host: member,
        port: PATRONI_PORT,
        path: '/patroni',
        everyMs: EVERY_MS,
      }));
      return [
        topology.witness(from, run, questions, (answer) => {
          const said = roleOf(answer);
          const now = JSON.stringify(said);
          if (last.get(answer.id) === now) return;
          last.set(answer.id, now);
          emit({ t: answer.t, kind: 'role', group, member: answer.id, ...said });
        }),
      ];
    });
    return together(await Promise.all(started));
  },
};
