import type { AttemptOutcome, Difference, LostAttempts } from '../core/hops.ts';

const EXAMPLES = 5;

/** Every way in which two hops may tell differently of a request: whether there is a reason, and what it is. */
const KINDS = {
  never_reached_edge: [
    true,
    'sent, without an answer, and in no log: the connection ended before the edge had read it, or with the edge',
  ],
  client_gave_up: [true, 'given up by the client while the edge was still at it (499)'],
  answer_not_received: [true, 'answered by the edge, and the answer did not come to the client whole and in time'],
  app_answered_in_vain: [true, 'answered by a replica when the edge no longer waited for it'],
  background_refresh: [
    true,
    'asked of a replica by the edge in the background, to renew what it answered from its cache',
  ],
  edge_log_died: [true, 'not in the log of the edge, which was killed with the last half second of it unwritten'],
  log_rotated: [true, 'before the beginning of a log that no longer goes back to the beginning of the run'],
  log_removed: [true, 'in the log of a container that was removed, and its log with it'],
  edge_log_line_missing: [false, 'went through the edge, and is missing in its log'],
  app_log_line_missing: [false, 'answered by a replica, and missing in its log'],
  app_without_attempt: [false, 'logged by a replica, without an attempt of the edge'],
  seen_twice_by_edge: [false, 'sent once and seen by the edge more than once'],
  seen_though_never_sent: [false, 'never sent, and yet seen'],
  unknown_to_client: [false, 'seen, and never planned by the client'],
  status_differs: [false, 'answered by the edge with one status, received with another'],
  app_status_differs: [false, 'answered by a replica with one status, passed on with another'],
  ledger_differs: [false, 'counted by the generator otherwise than its own record of the requests says'],
} as const satisfies Readonly<Record<string, readonly [explained: boolean, what: string]>>;

type Name = keyof typeof KINDS;

interface Entry {
  count: number;
  readonly examples: string[];
  readonly details: Map<string, number>;
}

/** Counts differences, and keeps a few ids of each. */
export class Differences {
  readonly #found = new Map<Name, Entry>();

  #entry(name: Name): Entry {
    const entry = this.#found.get(name) ?? { count: 0, examples: [], details: new Map<string, number>() };
    this.#found.set(name, entry);
    return entry;
  }

  /** `detail` is tallied: an outcome, a replica. */
  add(name: Name, id: string, detail?: string): void {
    const entry = this.#entry(name);
    entry.count += 1;
    if (entry.examples.length < EXAMPLES) entry.examples.push(id);
    if (detail !== undefined) entry.details.set(detail, (entry.details.get(detail) ?? 0) + 1);
  }

  /** Some of which nobody knows the ids. */
  count(name: Name, n: number): void {
    if (n > 0) this.#entry(name).count += n;
  }

  /** What nobody can explain first. */
  list(): Difference[] {
    return (Object.keys(KINDS) as Name[])
      .flatMap((name) => {
        const found = this.#found.get(name);
        if (found === undefined) return [];
        const [explained, what] = KINDS[name];
        const details = [...found.details].map(([detail, n]) => `${detail} ${n}`).join(', ');
        const text = details === '' ? what : `${what} (${details})`;
        return { name, what: text, count: found.count, explained, examples: found.examples };
      })
      .sort((a, b) => Number(a.explained) - Number(b.explained));
  }
}

/** Attempts of which no replica knows, by where they went and how they ended. */
export class LostAttemptTally {
  readonly #found = new Map<string, LostAttempts & { readonly examples: string[] }>();

  add(attempt: { address: string; replica: string | undefined; outcome: AttemptOutcome; t: number }, id: string): void {
    const { address, replica, outcome, t } = attempt;
    const key = `${address} ${outcome}`;
    const known = this.#found.get(key);
    const examples = known?.examples ?? [];
    if (examples.length < EXAMPLES) examples.push(id);
    this.#found.set(key, {
      address,
      replica,
      outcome,
      count: (known?.count ?? 0) + 1,
      first: Math.min(known?.first ?? t, t),
      last: Math.max(known?.last ?? t, t),
      examples,
    });
  }

  /** In the order of time. */
  list(): LostAttempts[] {
    return [...this.#found.values()].sort((a, b) => a.first - b.first);
  }
}
