import { type ReportedRole, type RoleSource, unreachable, unreadable } from '../core/kinds/role-source.ts';
import type { Answer } from '../core/topology/witness.ts';

interface Report {
  readonly role?: string;
  readonly state?: string;
  readonly timeline?: number;
}

function read({ ok, body }: Pick<Answer, 'ok' | 'body'>): ReportedRole {
  if (!ok || body === undefined) return unreachable;
  try {
    const { role: called, state = 'unknown', timeline = null } = JSON.parse(body) as Report;
    const leads = called === 'master' || called === 'primary';
    return { role: state !== 'running' ? 'unknown' : leads ? 'primary' : 'standby', state, timeline };
  } catch {
    return unreadable;
  }
}

const patroni = {
  name: 'patroni',
  summary: "Patroni's REST interface on port 8008 of each member, asked where the members' consumer asks.",
  everyMs: 500,
  question: { protocol: 'http', port: 8_008, path: '/patroni' },
  read,
} satisfies RoleSource;
export default patroni;
