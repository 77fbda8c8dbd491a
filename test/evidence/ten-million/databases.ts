import { spawnSync } from 'node:child_process';
import { primaryOf, sqlIn } from '../../helpers/database.ts';
import { statementsOfJobs, statementsOfRequests } from '../../helpers/wedsync/statements.ts';
import { durationsIn } from './durations.ts';

/** The share of transactions whose durations are logged. All of them would be a megabyte of log a second. */
const SHARE = 0.1;
const USER = 'wedsync';
const LOG_BYTES = 512 * 2 ** 20;

export interface Table {
  readonly table: string;
  readonly rows: number;
  /** With indexes. */
  readonly bytes: number;
}

/** One prepared statement of the app or the worker, on all nodes together. */
export interface Statement {
  readonly name: string;
  /** Milliseconds on the server of each sampled execution, sorted. */
  readonly ms: readonly number[];
  /** Of all executions, from pg_stat_statements. Undefined when it has no statement of this text. */
  readonly calls?: number;
  readonly rows?: number;
}

/** The nodes of the database, as their superuser sees them. */
export class Databases {
  readonly #nodes: readonly string[];
  #since = '';

  /** `nodes`: the names of their containers. */
  constructor(nodes: readonly string[]) {
    this.#nodes = nodes;
  }

  sizes(): Table[] {
    return this.#json<Table>(
      this.#primary,
      `select relname as table, n_live_tup as rows, pg_total_relation_size(relid) as bytes from pg_stat_user_tables order by 3 desc`,
    );
  }

  /** Logs the durations of a share of all transactions from now on, and counts statements anew. */
  logTransactions(): void {
    this.#since = new Date().toISOString();
    for (const node of this.#nodes) {
      sqlIn(node, `alter system set log_transaction_sample_rate = ${SHARE}`);
      sqlIn(node, 'select pg_reload_conf(), pg_stat_statements_reset()');
    }
  }

  logAsBefore(): void {
    for (const node of this.#nodes) {
      sqlIn(node, 'alter system reset log_transaction_sample_rate');
      sqlIn(node, 'select pg_reload_conf()');
    }
  }

  /** Puts the data back to what was generated, as every run does first. */
  reset(): void {
    sqlIn(this.#primary, 'select wedsync_reset()');
  }

  async statements(): Promise<Statement[]> {
    const texts = new Map(
      [...(await statementsOfRequests(1)), ...(await statementsOfJobs(1))].map(({ name, text }) => [name, plain(text)]),
    );
    const counted = this.#nodes.flatMap((node) =>
      this.#json<{ query: string; calls: number; rows: number }>(
        node,
        'select query, calls, rows from pg_stat_statements',
      ),
    );
    const logged = durationsIn(
      this.#nodes.flatMap((node) => this.#log(node)),
      USER,
    );
    // The app and the worker name every statement; the run's own statements have no names.
    const named = logged.filter(({ statement }) => !statement.includes(' '));
    return named.map(({ statement, ms }) => {
      const same = counted.filter(({ query }) => plain(query) === texts.get(statement));
      const sum = (of: 'calls' | 'rows'): number => same.reduce((all, one) => all + one[of], 0);
      const known = same.length === 0 ? {} : { calls: sum('calls'), rows: sum('rows') };
      return { name: statement, ms: ms.toSorted((a, b) => a - b), ...known };
    });
  }

  get #primary(): string {
    return primaryOf(this.#nodes);
  }

  #json<T>(node: string, sql: string): T[] {
    return JSON.parse(sqlIn(node, `select coalesce(json_agg(t), '[]') from (${sql}) t`)) as T[];
  }

  #log(node: string): string[] {
    const { stdout, stderr, status } = spawnSync('docker', ['logs', '--since', this.#since, node], {
      encoding: 'utf8',
      maxBuffer: LOG_BYTES,
    });
    if (status !== 0) throw new Error(stderr);
    return [...stdout.split('\n'), ...stderr.split('\n')];
  }
}

/** A statement without the differences between what the app sends and what pg_stat_statements keeps. */
const plain = (text: string): string =>
  text
    .replaceAll(/\$\d+|'[^']*'|\b\d+\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim();
