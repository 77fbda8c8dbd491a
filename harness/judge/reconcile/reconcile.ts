import type { AttemptOutcome, HopCounts, Served } from '../../core/record/hops.ts';
import {
  ANSWERED,
  idPrefix,
  type LoadTotals,
  OUTCOMES,
  type Outcome,
  type RequestTable,
  type Source,
  SOURCES,
} from '../../core/load/load.ts';
import { Differences, LostAttemptTally } from './differences.ts';
import type { AppLine, Attempt, EdgeLine, HopLines } from './hop-lines.ts';

/** Everything that is needed to follow the requests of one source. Plain data. */
export interface HopRecord {
  readonly run: string;
  readonly source: Source;
  readonly requests: RequestTable;
  /** The generator's own counts of this source; undefined when it has none. */
  readonly totals: Pick<LoadTotals, 'planned' | 'ok' | 'failed' | 'dropped'> | undefined;
  readonly lines: HopLines;
  /** True when a log goes back to a time before the load. */
  readonly complete: boolean;
  /**
   * When the edge died during the run, epoch milliseconds. A replica logs before it answers, so its death loses no
   * line.
   */
  readonly edgeDeaths: readonly number[];
  /** When a container was last seen missing, epoch milliseconds. Its log begins after that. The edge has the key ''. */
  readonly removed: ReadonlyMap<string, number>;
  /** The container of each address. */
  readonly addresses: ReadonlyMap<string, string>;
}

interface ClientRow {
  readonly outcome: Outcome;
  readonly status: number;
  readonly sent: boolean;
  readonly done: number;
}

const WHOLE: ReadonlySet<Outcome> = new Set(ANSWERED);
/** Cache states for which the edge may ask a replica in the background. It does not log those requests. */
const REFRESHED: ReadonlySet<string> = new Set(['UPDATING', 'STALE']);
/** Cache states for which the edge answered from its cache. */
const CACHED: ReadonlySet<string> = new Set([...REFRESHED, 'HIT']);
const CLIENT_GONE = 499;
/** The edge keeps log lines in memory for up to this long, milliseconds. A SIGKILL loses them. */
const EDGE_BUFFER_MS = 100;
/** On a busy host the reported time of a container's death may be wrong by up to this much, milliseconds. */
const DEATH_MS = 1_000;

const group = <T extends { readonly number: number }>(lines: readonly T[]): Map<number, T[]> =>
  Map.groupBy(lines, (line) => line.number);

/** Follows every request of one source from hop to hop and returns the counts. Pure. */
export function reconcile(record: HopRecord): HopCounts {
  return new Follower(record).counts();
}

class Follower {
  readonly #r: HopRecord;
  readonly #prefix: string;
  readonly #client = new Map<number, ClientRow>();
  /** The edge's lines, with the attempts of the balancer where it logged any. */
  readonly #lines: readonly EdgeLine[];
  readonly #edge: Map<number, EdgeLine[]>;
  readonly #app: Map<number, AppLine[]>;
  readonly #containers: Map<string, string>;
  /** When the first line of each container's log was written. The edge has the key ''. */
  readonly #firsts = new Map<string, number>();
  readonly #differences = new Differences();
  readonly #lost = new LostAttemptTally();
  readonly #attempts: Partial<Record<AttemptOutcome, number>> = {};
  readonly #served: Record<string, Served> = {};
  readonly #by = { from_upstream: 0, from_cache: 0, by_itself: 0, gave_up: 0 };
  readonly #statuses: Record<string, number> = {};

  constructor(record: HopRecord) {
    this.#r = record;
    this.#prefix = idPrefix(record.run, record.source);
    this.#lines = record.lines.edge.map((line) => withBalanced(line, record.lines.balanced.get(line.number)));
    this.#edge = group(this.#lines);
    this.#app = group(record.lines.app);
    for (const { t } of record.lines.edge) this.#firsts.set('', Math.min(t, this.#firsts.get('') ?? t));
    for (const { t, container } of record.lines.app)
      this.#firsts.set(container, Math.min(t, this.#firsts.get(container) ?? t));
    this.#containers = new Map([
      ...record.addresses,
      ...record.lines.app.map((l) => [l.address, l.container] as const),
    ]);
  }

  counts(): HopCounts {
    const { source, totals, lines } = this.#r;
    const rows = this.#readClient();
    const planned = totals?.planned ?? [...this.#client.keys()].reduce((most, number) => Math.max(most, number + 1), 0);
    for (const [number, row] of this.#client) this.#compareWithClient(number, row);
    for (const line of this.#lines) this.#count(line);
    for (const [number, seen] of this.#edge) this.#compareWithApp(number, seen);
    for (const number of new Set([...this.#edge.keys(), ...this.#app.keys()])) {
      // A lower number without a row was planned too. It was in flight when the record ended.
      if (number >= planned) this.#differ('unknown_to_client', number);
    }
    for (const id of lines.strange) this.#differences.add('unknown_to_client', id);
    const in_flight = planned - rows.answered - rows.failed - rows.dropped;
    const seen = this.#lines.length;
    const made = this.#lines.reduce((sum, line) => sum + line.attempts.length, 0);
    const first = this.#lines.filter((line) => line.attempts.length > 0).length;
    return {
      source,
      planned,
      ...rows,
      in_flight,
      sent: rows.answered + rows.failed - rows.never_sent,
      edge: { seen, ...this.#by, statuses: this.#statuses },
      attempts: { total: made, retries: made - first, outcomes: this.#attempts },
      app: {
        seen: lines.app.length,
        replicas: tally(lines.app.map((line) => line.container)),
        served: this.#served,
      },
      lost_attempts: this.#lost.list(),
      differences: this.#differences.list(),
    };
  }

  #differ(name: Parameters<Differences['add']>[0], number: number, detail?: string): void {
    this.#differences.add(name, `${this.#prefix}${number}`, detail);
  }

  /** Reads the client's rows, and compares their sums with the counts that the generator kept while it ran. */
  #readClient(): Pick<HopCounts, 'answered' | 'failed' | 'dropped' | 'never_sent'> {
    const { requests, source, totals } = this.#r;
    const rows = { answered: 0, failed: 0, dropped: 0, never_sent: 0 };
    let ok = 0;
    const code = SOURCES.indexOf(source);
    for (let i = 0; i < requests.length; i += 1) {
      if (requests.source[i] !== code) continue;
      const number = requests.number[i] ?? 0;
      const outcome = OUTCOMES[requests.outcome[i] ?? 0] ?? 'other';
      const sent = outcome !== 'dropped' && Number.isFinite(requests.sent[i]);
      if (this.#client.has(number)) this.#differ('ledger_differs', number);
      this.#client.set(number, { outcome, status: requests.status[i] ?? 0, sent, done: requests.done[i] ?? NaN });
      if (outcome === 'ok') ok += 1;
      if (outcome === 'dropped') rows.dropped += 1;
      else if (WHOLE.has(outcome)) rows.answered += 1;
      else rows.failed += 1;
      if (outcome !== 'dropped' && !sent) rows.never_sent += 1;
    }
    if (totals !== undefined) {
      const failed = rows.answered + rows.failed - ok;
      const apart = [totals.ok - ok, totals.failed - failed, totals.dropped - rows.dropped];
      this.#differences.count(
        'ledger_differs',
        apart.reduce((sum, by) => sum + Math.abs(by), 0),
      );
      const over = rows.answered + rows.failed + rows.dropped - totals.planned;
      this.#differences.count('ledger_differs', Math.max(0, over));
    }
    return rows;
  }

  #compareWithClient(number: number, { outcome, status, sent, done }: ClientRow): void {
    const lines = this.#edge.get(number) ?? [];
    const [line] = lines;
    if (!sent) {
      if (line !== undefined || this.#app.has(number)) this.#differ('seen_though_never_sent', number);
      return;
    }
    if (lines.length > 1) this.#differ('seen_twice_by_edge', number);
    if (line === undefined) {
      // The client has an answer, or a replica has seen the request. Then the edge must have seen it.
      if (WHOLE.has(outcome) || this.#app.has(number)) this.#differ(this.#whyNoEdgeLine(done), number);
      else this.#differ('never_reached_edge', number, outcome);
    } else if (WHOLE.has(outcome)) {
      if (line.status !== status) this.#differ('status_differs', number, `${line.status} became ${status}`);
    } else {
      this.#differ(line.status === CLIENT_GONE ? 'client_gave_up' : 'answer_not_received', number, outcome);
    }
  }

  #count({ status, cache, attempts }: EdgeLine): void {
    for (const { outcome } of attempts) this.#attempts[outcome] = (this.#attempts[outcome] ?? 0) + 1;
    const last = attempts.at(-1);
    if (last?.outcome === 'answered') this.#by.from_upstream += 1;
    else if (status === CLIENT_GONE) this.#by.gave_up += 1;
    else if (CACHED.has(cache)) this.#by.from_cache += 1;
    else {
      this.#by.by_itself += 1;
      this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    }
  }

  #compareWithApp(number: number, seen: readonly EdgeLine[]): void {
    const lines = [...(this.#app.get(number) ?? [])];
    const attempts = seen.flatMap((line) => line.attempts);
    // Attempts with an answer first: if there were two attempts at one replica, its line belongs to the answered one.
    // Attempts at an unknown replica last: they may take any line that is left.
    const inOrder = attempts.toSorted((a, b) => rank(a) - rank(b));
    for (const attempt of inOrder) {
      const here = lines.filter((line) => attempt.address === '' || line.address === attempt.address);
      // A replica that was tried twice has two lines.
      const own = here.find((line) => attempt.outcome === 'answered' && line.status === attempt.status) ?? here[0];
      const at = own === undefined ? -1 : lines.indexOf(own);
      const [line] = at === -1 ? [] : lines.splice(at, 1);
      this.#compareAttempt(number, attempt, line);
    }
    const refreshed = seen.some((line) => REFRESHED.has(line.cache));
    for (const line of lines)
      this.#differ(refreshed ? 'background_refresh' : 'app_without_attempt', number, line.container);
  }

  #compareAttempt(number: number, { address, outcome, status, t }: Attempt, line: AppLine | undefined): void {
    const replica = this.#containers.get(address);
    if (line === undefined && outcome === 'answered') {
      this.#differ(this.#whyNoAppLine(t, replica), number, replica ?? address);
    } else if (line === undefined) {
      this.#lost.add({ address, replica, outcome, t }, `${this.#prefix}${number}`);
    } else if (outcome !== 'answered') {
      this.#differ('app_answered_in_vain', number, outcome);
    } else {
      this.#serve(line.container, t);
      if (line.status !== status) this.#differ('app_status_differs', number, `${line.status} became ${status}`);
    }
  }

  #serve(container: string, t: number): void {
    const { first = t, last = t } = this.#served[container] ?? {};
    this.#served[container] = { first: Math.min(first, t), last: Math.max(last, t) };
  }

  #whyNoAppLine(t: number, replica: string | undefined): 'log_removed' | 'log_rotated' | 'app_log_line_missing' {
    if (replica !== undefined && this.#removedAfter(t, replica)) return 'log_removed';
    return this.#before(t, replica ?? '') ? 'log_rotated' : 'app_log_line_missing';
  }

  #removedAfter = (t: number, container: string): boolean => t < (this.#r.removed.get(container) ?? -Infinity);

  #whyNoEdgeLine(t: number): 'log_removed' | 'edge_log_died' | 'log_rotated' | 'edge_log_line_missing' {
    if (this.#removedAfter(t, '')) return 'log_removed';
    if (this.#r.edgeDeaths.some((death) => t > death - EDGE_BUFFER_MS - DEATH_MS && t < death + DEATH_MS))
      return 'edge_log_died';
    return this.#before(t, '') ? 'log_rotated' : 'edge_log_line_missing';
  }

  /** True when the log's beginning is missing and its first line is not before `t`. The edge has the key ''. */
  #before(t: number, container: string): boolean {
    return !this.#r.complete && t <= (this.#firsts.get(container) ?? Infinity);
  }
}

const rank = ({ outcome, address }: Attempt): number => (outcome === 'answered' ? 0 : address === '' ? 2 : 1);

/**
 * Puts the attempts that the balancer logged in the place of the edge's attempt at the balancer that they belong to: an
 * answer of the same replica, or an attempt without an answer. The balancer logs nothing about an attempt of the edge that
 * never reached it, nor about a first try that a replica answered.
 */
function withBalanced(line: EdgeLine, balanced: readonly Attempt[][] | undefined): EdgeLine {
  // An edge that answered from its cache may have renewed the cache in the background.
  if (balanced === undefined || CACHED.has(line.cache)) return line;
  let attempts = [...line.attempts];
  for (const tries of balanced) {
    const last = tries.at(-1);
    const at = attempts.findIndex(({ outcome, address }) =>
      last?.outcome === 'answered' ? outcome === 'answered' && address === last.address : address === '',
    );
    attempts = at === -1 ? [...tries, ...attempts] : attempts.toSpliced(at, 1, ...tries);
  }
  return { ...line, attempts };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
