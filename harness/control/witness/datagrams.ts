import { readFileSync } from 'node:fs';
import { together } from '../../core/dispose.ts';
import { ChaosError } from '../../core/errors.ts';
import type { DatagramBatch, DatagramWay } from '../../core/topology.ts';
import type { Helpers } from '../helpers.ts';
import { parseLine } from './line.ts';

const SCRIPT = readFileSync(new URL('./datagrams.mjs', import.meta.url), 'utf8');
/** Above what the kernel hands out (ip_local_port_range), so that no connection of the container's own is there first. */
const PORT = 61_747;
/** Milliseconds between two datagrams of one way, and how many are told together: half a second's worth. */
const EVERY_MS = 10;
const BATCH = 50;
/** What has not arrived so long after its batch was sent is lost, milliseconds. */
const LOST_MS = 1_500;

interface DatagramOptions {
  readonly helpers: Helpers;
  readonly image: string;
  readonly project: string;
  readonly run: string;
  readonly containers: readonly { readonly id: string; readonly name: string; readonly running: boolean }[];
  readonly ways: readonly DatagramWay[];
}

/** A line of the script: since when it listens (epoch milliseconds), what it has sent, or what has arrived. */
type Told =
  | { readonly listening: number }
  | { readonly way: number; readonly batch: number; readonly t: number; readonly sent: number }
  | ({ readonly way: number; readonly batch: number } & Arrived);
interface Arrived {
  readonly arrived: number;
  readonly repeated: number;
  readonly late: number;
}

/** One helper for each container at an end of a way; CHAOS_NO_WITNESS where one is not running. */
export async function watchDatagrams(
  { helpers, image, project, run, containers, ways }: DatagramOptions,
  onBatch: (batch: DatagramBatch) => void,
): Promise<AsyncDisposable> {
  const joined = new Batches(ways, onBatch);
  const ends = [...new Set(ways.flatMap(({ from, to }) => [from, to]))].map((name) => {
    const container = containers.find((c) => c.name === name && c.running);
    if (container === undefined) throw noWitness(name);
    const sends = ways.flatMap(({ from, to }, way) => (from === name ? [{ way, to }] : []));
    return { name, netns: container.id, WAYS: JSON.stringify(sends) };
  });
  const env = { PORT: String(PORT), BATCH: String(BATCH), EVERY_MS: String(EVERY_MS) };
  const started = await Promise.all(
    ends.map(({ name, netns, WAYS }) =>
      helpers.watch({ image, project, run, netns, script: SCRIPT, env: { ...env, WAYS } }, (line) =>
        joined.read(line, name),
      ),
    ),
  );
  return together([...started, { [Symbol.asyncDispose]: () => Promise.resolve(joined.end()) }]);
}

/** Brings together what the two ends of each way tell of the same datagrams. */
export class Batches {
  readonly #ways: readonly DatagramWay[];
  readonly #onBatch: (batch: DatagramBatch) => void;
  readonly #listening = new Map<string, number>();
  readonly #arrived = new Map<string, Arrived>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(ways: readonly DatagramWay[], onBatch: (batch: DatagramBatch) => void) {
    this.#ways = ways;
    this.#onBatch = onBatch;
  }

  /** A line that the helper at this end of some ways printed. */
  read(line: string, end: string): void {
    const told = parseLine(line) as Told | undefined;
    if (told === undefined) return;
    if ('listening' in told) {
      this.#listening.set(end, told.listening);
      return;
    }
    const key = `${told.way} ${told.batch}`;
    if ('arrived' in told) {
      const so = this.#arrived.get(key) ?? NONE;
      this.#arrived.set(key, {
        arrived: so.arrived + told.arrived,
        repeated: so.repeated + told.repeated,
        late: so.late + told.late,
      });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const way = this.#ways[told.way];
      const { arrived, repeated, late } = this.#arrived.get(key) ?? NONE;
      this.#arrived.delete(key);
      if (way === undefined) return;
      // What was sent before anybody listened was not lost on the way.
      if (told.t >= (this.#listening.get(way.to) ?? Infinity))
        this.#onBatch({ ...way, t: told.t, sent: told.sent, arrived, repeated, late });
    }, LOST_MS);
    this.#timers.add(timer);
  }

  /** What is still under way is told no more. */
  end(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
  }
}

const NONE: Arrived = { arrived: 0, repeated: 0, late: 0 };

const noWitness = (name: string): ChaosError =>
  new ChaosError('CHAOS_NO_WITNESS', {
    what: `${name} is not running and cannot lend its network namespace`,
    hint: 'Evidence is taken from both ends of a way: start it, or run `chaos heal`.',
    exit: 'not-ready',
  });
