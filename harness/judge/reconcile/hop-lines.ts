import type { AttemptOutcome } from '../../core/record/hops.ts';
import { idPrefix, type Source, SOURCES } from '../../core/load/load.ts';

/** One attempt at a replica. */
export interface Attempt {
  /** "172.30.77.9:3000"; '' when the log does not tell it. */
  readonly address: string;
  readonly outcome: AttemptOutcome;
  /** The status of the replica's answer. Without an answer, the status that is logged for the attempt. */
  readonly status: number;
  /** When the attempt ended, epoch milliseconds. */
  readonly t: number;
}

/** A request as the edge logged it, at the request's end. */
export interface EdgeLine {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly status: number;
  /** '' when there was no cache for it; otherwise HIT, MISS, STALE, ... */
  readonly cache: string;
  /** In the order in which they were made. Empty when the edge or the balancer answered without a replica. */
  readonly attempts: readonly Attempt[];
}

/** A request as a replica logged it before its answer. */
export interface AppLine {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly container: string;
  /** The replica's address, to which the edge connected. */
  readonly address: string;
  readonly status: number;
}

/** The lines of the logs about the requests of one source. */
export interface HopLines {
  readonly edge: EdgeLine[];
  readonly app: AppLine[];
  /** The lines of the balancer, by the number of their request. Each has its attempts, the last one at the end. */
  readonly balanced: Map<number, Attempt[][]>;
  /** Ids that begin like the ids of the run and do not end like them. */
  readonly strange: string[];
}

const noLines = (): HopLines => ({ edge: [], app: [], balanced: new Map(), strange: [] });

/** The end of the id of a request that is sent before the load. A log with this id goes back far enough. */
export const MARKER = 'ready';

/** In the place of a replica's address: the balancer answered without a replica. */
const BY_ITSELF = '-';
const CLIENT_GONE = 499;
const TIMED_OUT = 504;

/**
 * Collects the log lines of the edge, the balancer and the replicas, by the source of their requests. Other lines are left out.
 */
export class HopLog {
  readonly sources: Readonly<Record<Source, HopLines>> = { open: noLines(), pressure: noLines() };
  /** True when a log goes back to a time before the load: it has the id with MARKER. */
  complete = false;
  readonly #run: string;
  /** The longer prefix first, because it begins with the shorter one. */
  readonly #prefixes: readonly (readonly [Source, string])[];

  constructor(run: string) {
    this.#run = run;
    this.#prefixes = SOURCES.map((source) => [source, idPrefix(run, source)] as const).toSorted(
      ([, a], [, b]) => b.length - a.length,
    );
  }

  edge(text: string): void {
    const line = this.#parse(text);
    const own = this.#own(line);
    if (line === undefined || own === undefined) return;
    const t = Number(line['msec']) * 1_000;
    const attempts = attemptsOf(line, t - Number(line['duration_s']) * 1_000);
    own.lines.edge.push({
      number: own.number,
      t,
      status: Number(line['status']),
      cache: textOf(line['cache']),
      attempts,
    });
  }

  /** A balancer need not log a request that a replica answered at the first try: the edge's line names that replica. */
  balancer(text: string): void {
    const line = this.#parse(text);
    const own = this.#own(line);
    if (line === undefined || own === undefined) return;
    const { balanced } = own.lines;
    balanced.set(own.number, [...(balanced.get(own.number) ?? []), balancedAttempts(line)]);
  }

  app(container: string, text: string): void {
    const line = this.#parse(text);
    const own = this.#own(line);
    if (line === undefined || own === undefined) return;
    const address = textOf(line['address']);
    const [t, status] = [Date.parse(textOf(line['time'])), Number(line['status'])];
    own.lines.app.push({ number: own.number, t, container, address, status });
  }

  /** Leaves out most lines about other requests without parsing them, and lines that are cut short. */
  #parse(text: string): Readonly<Record<string, unknown>> | undefined {
    if (!text.includes(this.#run)) return undefined;
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }

  #own(line: Readonly<Record<string, unknown>> | undefined): { lines: HopLines; number: number } | undefined {
    const id = textOf(line?.['request_id']);
    const [source, prefix] = this.#prefixes.find(([, begin]) => id.startsWith(begin)) ?? [];
    if (source === undefined || prefix === undefined) return undefined;
    const end = id.slice(prefix.length);
    if (/^\d+$/.test(end)) return { lines: this.sources[source], number: Number(end) };
    if (end === MARKER) this.complete = true;
    else this.sources[source].strange.push(id);
    return undefined;
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** nginx writes one value for each attempt: after a comma, or after a colon when it went on to another group. */
const valuesOf = (value: unknown): string[] =>
  textOf(value)
    .split(/,\s+|\s:\s+/)
    .map((part) => part.trim());

function attemptsOf(line: Readonly<Record<string, unknown>>, begun: number): Attempt[] {
  const [statuses, seconds, headers, sent] = [
    'upstream_status',
    'upstream_s',
    'upstream_header_s',
    'upstream_sent',
  ].map((name) => valuesOf(line[name]));
  let t = begun;
  const attempts = valuesOf(line['upstream']).flatMap((address, i) => {
    t += (Number(seconds?.[i]) || 0) * 1_000;
    // The name of the group instead of an address: there was no replica left to try.
    if (!address.includes(':')) return [];
    const status = Number(statuses?.[i]) || 0;
    const [answered, any] = [headers?.[i] !== '-', Number(sent?.[i]) > 0];
    return { address, outcome: answered ? ('answered' as const) : outcomeOf(status, any), status, t };
  });
  // An edge in front of a balancer dials the balancer. The answer names the replica, or is the balancer's own. Without an
  // answer nobody knows the replica.
  const replica = line['replica'];
  if (typeof replica !== 'string') return attempts;
  return attempts.flatMap((attempt) => {
    if (attempt.outcome !== 'answered') return [{ ...attempt, address: '' }];
    return replica === BY_ITSELF ? [] : [{ ...attempt, address: replica }];
  });
}

function outcomeOf(status: number, sent: boolean): AttemptOutcome {
  if (status === 0 || status === CLIENT_GONE) return 'abandoned';
  if (status === TIMED_OUT) return sent ? 'timeout' : 'unreachable';
  return sent ? 'broken' : 'refused';
}

/** HAProxy's termination state: who ended the request (first letter), and when (second letter). */
const ENDED: Readonly<Record<string, AttemptOutcome>> = {
  SC: 'refused',
  sC: 'unreachable',
  SH: 'broken',
  sH: 'timeout',
};

/** Reads a line of the balancer: attempts before the last one are only counted there. */
function balancedAttempts(line: Readonly<Record<string, unknown>>): Attempt[] {
  const t = Number(line['msec']) * 1_000 + Number(line['total_ms']);
  const [status, ended, address] = [Number(line['status']), textOf(line['ended']), textOf(line['replica'])];
  const before = Math.abs(Number(line['retries'])) || 0;
  const retried = Array.from({ length: before }, (): Attempt => ({ address: '', outcome: 'retried', status: 0, t }));
  const outcome = lastOutcome(ended);
  const known = /\d:\d/.test(address);
  // The balancer put a replica aside, and ended what it had given to it. The line names another when it had begun to try
  // the request again there, and none when it was about to.
  if (ended.startsWith('D') && (before > 0 || !known))
    return [...retried, { address: '', outcome: 'broken', status, t }];
  // Without an address, or while the request was read or queued, no replica was tried.
  return known && outcome !== undefined ? [...retried, { address, outcome, status, t }] : retried;
}

function lastOutcome(ended: string): AttemptOutcome | undefined {
  const [who, when] = ended;
  if (when === 'R' || when === 'Q') return undefined;
  // The replica's answer had begun.
  if (who === '-' || when === 'D' || when === 'L') return 'answered';
  if (who === 'C' || who === 'c') return 'abandoned';
  return ENDED[ended] ?? 'broken';
}
