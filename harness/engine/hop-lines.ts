import type { AttemptOutcome } from '../core/hops.ts';
import { idPrefix, type Source, SOURCES } from '../core/load/load.ts';

/** One attempt of the edge at a replica. */
export interface EdgeAttempt {
  /** "172.30.77.9:3000" */
  readonly address: string;
  readonly outcome: AttemptOutcome;
  /** Of the replica's answer; without one, what the edge puts there. */
  readonly status: number;
  /** Epoch milliseconds when it ended. */
  readonly t: number;
}

/** One request as the edge logged it at its end. */
export interface EdgeLine {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly t: number;
  readonly status: number;
  /** '' where no cache was asked; else HIT, MISS, STALE, ... */
  readonly cache: string;
  /** In their order; none where the edge answered by itself. */
  readonly attempts: readonly EdgeAttempt[];
}

/** One request as a replica logged it when it answered. */
export interface AppLine {
  readonly number: number;
  readonly t: number;
  readonly container: string;
  /** Where the edge had dialled. */
  readonly address: string;
  readonly status: number;
}

/** What the logs hold of one source's requests. */
export interface HopLines {
  readonly edge: EdgeLine[];
  readonly app: AppLine[];
  /** Ids that begin as the run's do and end as none of them. */
  readonly strange: string[];
}

/** Sent as the last part of an id before the load: a log that has it goes back far enough. */
export const MARKER = 'ready';

const CLIENT_GONE = 499;
const TIMED_OUT = 504;

/** Lines of the edge and of the replicas, sorted by the source of their requests; lines about anything else are passed over. */
export class HopLog {
  readonly sources: Readonly<Record<Source, HopLines>> = {
    open: { edge: [], app: [], strange: [] },
    pressure: { edge: [], app: [], strange: [] },
  };
  /** The edge's log goes back to before the load. */
  complete = false;
  readonly #run: string;
  /** The longer one first: it begins as the shorter one does. */
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
      cache: text_(line['cache']),
      attempts,
    });
  }

  app(container: string, text: string): void {
    const line = this.#parse(text);
    const own = this.#own(line);
    if (line === undefined || own === undefined) return;
    const address = text_(line['address']);
    const [t, status] = [Date.parse(text_(line['time'])), Number(line['status'])];
    own.lines.app.push({ number: own.number, t, container, address, status });
  }

  /** Most lines of other people's requests are left before they are parsed. A torn one is no line: its id will be missed. */
  #parse(text: string): Readonly<Record<string, unknown>> | undefined {
    if (!text.includes(this.#run)) return undefined;
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }

  #own(line: Readonly<Record<string, unknown>> | undefined): { lines: HopLines; number: number } | undefined {
    const id = text_(line?.['request_id']);
    const [source, prefix] = this.#prefixes.find(([, begin]) => id.startsWith(begin)) ?? [];
    if (source === undefined || prefix === undefined) return undefined;
    const end = id.slice(prefix.length);
    if (/^\d+$/.test(end)) return { lines: this.sources[source], number: Number(end) };
    if (end === MARKER) this.complete = true;
    else this.sources[source].strange.push(id);
    return undefined;
  }
}

const text_ = (value: unknown): string => (typeof value === 'string' ? value : '');

/** nginx lists one value an attempt, by commas, and by colons where it went on to another group. */
const valuesOf = (value: unknown): string[] => text_(value).split(/\s*,\s+|\s+:\s+/);

function attemptsOf(line: Readonly<Record<string, unknown>>, begun: number): EdgeAttempt[] {
  const [statuses, seconds, headers, sent] = [
    'upstream_status',
    'upstream_s',
    'upstream_header_s',
    'upstream_sent',
  ].map((name) => valuesOf(line[name]));
  let t = begun;
  return valuesOf(line['upstream']).flatMap((address, i) => {
    t += (Number(seconds?.[i]) || 0) * 1_000;
    // The group's own name instead of an address: nobody was left to be tried.
    if (!address.includes(':')) return [];
    const status = Number(statuses?.[i]) || 0;
    const [answered, any] = [headers?.[i] !== '-', Number(sent?.[i]) > 0];
    return { address, outcome: answered ? 'answered' : outcomeOf(status, any), status, t };
  });
}

function outcomeOf(status: number, sent: boolean): AttemptOutcome {
  if (status === 0 || status === CLIENT_GONE) return 'abandoned';
  if (status === TIMED_OUT) return sent ? 'timeout' : 'unreachable';
  return sent ? 'broken' : 'refused';
}
