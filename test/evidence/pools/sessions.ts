import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { container } from '../../helpers/docker.ts';

const NODES = ['postgres-a', 'postgres-b'] as const;
const COUNT = `select count(*) from pg_stat_activity where backend_type = 'client backend'`;
/** Seconds after which a count that nobody ended is over. */
const LONGEST_S = 300;

/** Counts the sessions of clients on each node, four times a second, and keeps the highest number. */
export class SessionWatch implements AsyncDisposable {
  #most = 0;
  #over = false;
  readonly #children = new Set<ChildProcess>();
  readonly #watching: Promise<unknown>;

  constructor() {
    this.#watching = Promise.all(NODES.map((node) => this.#watch(node)));
  }

  /** The most sessions that one node has had. The session that counts is among them. */
  get most(): number {
    return this.#most;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    for (const child of this.#children) child.kill();
    await this.#watching;
  }

  /** Begins again when the node was killed. */
  async #watch(node: string): Promise<void> {
    while (!this.#over) {
      await this.#countOn(node);
      await delay(500);
    }
  }

  async #countOn(node: string): Promise<void> {
    const psql = ['timeout', String(LONGEST_S), 'psql', '-XqAt', '-d', 'wedsync'];
    const child = spawn('docker', ['exec', '-i', '-u', 'postgres', container(node), ...psql], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#children.add(child);
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${COUNT}\n\\watch 0.25\n`);
    createInterface(child.stdout).on('line', (line) => {
      if (/^\d+$/.test(line)) this.#most = Math.max(this.#most, Number(line));
    });
    await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    this.#children.delete(child);
  }
}
