import type { AttemptOutcome, Difference, LostAttempts } from '../../core/record/hops.ts';

const EXAMPLES = 5;

/**
 * Every way in which two hops may disagree about a request. `explained` says whether the reason is known. `what` goes
 * on after "3 requests".
 */
const KINDS = {
  never_reached_edge: [
    true,
    'sent and never answered, and in no log: the connection ended before the edge read the request, or the edge died',
  ],
  client_gave_up: [true, 'given up by the client while the edge waited for the answer (499)'],
  answer_not_received: [true, 'answered by the edge, but the answer did not reach the client whole and in time'],
  app_answered_in_vain: [
    true,
    'answered by a replica, but the answer was not used: nobody waited any more, or the balancer tried again',
  ],
  background_refresh: [
    true,
    'answered from the edge cache, and sent by the edge to a replica in the background to renew the cache',
  ],
  edge_log_died: [true, 'missing in the log of the edge: the edge was killed before it wrote its last lines'],
  log_rotated: [true, 'older than the first line of a log that does not go back to the beginning of the run'],
  log_removed: [true, 'logged by a container that was removed together with its log'],
  edge_log_line_missing: [false, 'sent through the edge, but missing in its log'],
  app_log_line_missing: [false, 'answered by a replica, but missing in its log'],
  app_without_attempt: [false, 'logged by a replica, but no attempt at it is logged'],
  seen_twice_by_edge: [false, 'sent once, but seen by the edge more than once'],
  seen_though_never_sent: [false, 'never sent, but seen by the edge or a replica'],
  unknown_to_client: [false, 'seen by the edge or a replica, but never planned by the client'],
  status_differs: [false, 'answered by the edge with one status, and received with another'],
  app_status_differs: [false, 'answered by a replica with one status, and passed on with another'],
  ledger_differs: [false, 'counted differently by the generator and by its own record of the requests'],
} as const satisfies Readonly<Record<string, readonly [explained: boolean, what: string]>>;

type Name = keyof typeof KINDS;

interface Entry {
  count: number;
  readonly examples: string[];
  readonly details: Map<string, number>;
}

/** Counts differences, and keeps up to five request ids of each. */
export class Differences {
  readonly #found = new Map<Name, Entry>();

  #entry(name: Name): Entry {
    const entry = this.#found.get(name) ?? { count: 0, examples: [], details: new Map<string, number>() };
    this.#found.set(name, entry);
    return entry;
  }

  /** Adds one difference. `detail` is an outcome or a replica; each is counted and printed. */
  add(name: Name, id: string, detail?: string): void {
    const entry = this.#entry(name);
    entry.count += 1;
    if (entry.examples.length < EXAMPLES) entry.examples.push(id);
    if (detail !== undefined) entry.details.set(detail, (entry.details.get(detail) ?? 0) + 1);
  }

  /** Adds `n` differences whose request ids are not known. */
  count(name: Name, n: number): void {
    if (n > 0) this.#entry(name).count += n;
  }

  /** Returns the differences. Differences without a known reason come first. */
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

/** Counts attempts that no replica logged, by their address and their outcome. */
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

  /** Returns the attempts, sorted by the end of the first one. */
  list(): LostAttempts[] {
    return [...this.#found.values()].sort((a, b) => a.first - b.first);
  }
}
