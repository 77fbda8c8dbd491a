import type { Command } from '../topology/command.ts';
import type { Role } from '../topology/spec.ts';
import type { Answer, Question } from '../topology/witness.ts';

/** What a member of a group says of itself. 'unknown': it does not answer, or it does not run. */
export interface ReportedRole {
  readonly role: Role | 'unknown';
  /** In the member's own words, for people. */
  readonly state: string;
  /** The number of the database timeline: each promotion begins a new one. Null when the member does not know it. */
  readonly timeline: number | null;
}

/** Asked across the network, from the place of the members' consumer. A member that cannot be reached has no role. */
interface AskedAcross {
  readonly question: Pick<Question, 'protocol' | 'port' | 'path'>;
  readonly read: (answer: Pick<Answer, 'ok' | 'body'>) => ReportedRole;
}

/** Asked in the member's own container. A member that is cut off from all others still says what it takes itself for. */
interface AskedInside {
  /** A command that changes nothing. */
  readonly command: (container: string) => Command;
  /** `printed` is undefined when the command failed. */
  readonly read: (printed: string | undefined) => ReportedRole;
}

/** A way to ask the members of a group for their roles. One file under harness/roles/. */
export type RoleSource = {
  /** The word in the compose file, and the name of the file. */
  readonly name: string;
  readonly summary: string;
  /** Milliseconds between two questions to a member. */
  readonly everyMs: number;
} & (AskedAcross | AskedInside);

export const unreachable: ReportedRole = { role: 'unknown', state: 'unreachable', timeline: null };
export const unreadable: ReportedRole = { role: 'unknown', state: 'unreadable', timeline: null };
