import { together } from '../../core/dispose.ts';
import { ChaosError } from '../../core/errors.ts';
import type { DatagramBatch, DatagramWay } from '../../core/topology/witness.ts';
import type { Helpers } from '../docker/helpers.ts';
import { parseLine } from './line.ts';
import { witnessCommand, witnessFiles } from './program.ts';

/**
 * This port is above the ports that the kernel gives out (ip_local_port_range), so no connection of the container can
 * have it.
 */
const PORT = 61_747;
/** Milliseconds between two datagrams on one way, and how many datagrams are one batch: half a second. */
const EVERY_MS = 10;
const BATCH = 50;
/** Milliseconds after the last datagram of a batch was sent. A datagram that has not arrived by then is lost. */
const LOST_MS = 1_500;

interface DatagramOptions {
  readonly helpers: Helpers;
  readonly image: string;
  readonly project: string;
  readonly run: string;
  readonly containers: readonly { readonly id: string; readonly name: string; readonly running: boolean }[];
  readonly ways: readonly DatagramWay[];
}

/** A line that the script prints: since when it listens (epoch milliseconds), what it has sent, or what has arrived. */
type Report =
  | { readonly listening: number }
  | { readonly way: number; readonly batch: number; readonly t: number; readonly sent: number }
  | ({ readonly way: number; readonly batch: number } & Arrived);
interface Arrived {
  readonly arrived: number;
  readonly repeated: number;
  readonly late: number;
}

/**
 * Starts one helper for each container at an end of a way. Throws CHAOS_NO_WITNESS when one of these containers is not
 * running.
 */
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
  const helper = { image, project, ofRun: run, files: witnessFiles(), run: witnessCommand('datagrams') };
  const started = await Promise.all(
    ends.map(({ name, netns, WAYS }) =>
      helpers.watch({ ...helper, net: { of: netns }, env: { ...env, WAYS } }, (line) => joined.read(line, name)),
    ),
  );
  return together([...started, { [Symbol.asyncDispose]: () => Promise.resolve(joined.end()) }]);
}

/** Joins what the two ends of each way report about the same datagrams. */
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

  /** Takes a line that the helper in the container `end` printed. */
  read(line: string, end: string): void {
    const report = parseLine(line) as Report | undefined;
    if (report === undefined) return;
    if ('listening' in report) {
      this.#listening.set(end, report.listening);
      return;
    }
    const key = `${report.way} ${report.batch}`;
    if ('arrived' in report) {
      const before = this.#arrived.get(key) ?? NONE;
      this.#arrived.set(key, {
        arrived: before.arrived + report.arrived,
        repeated: before.repeated + report.repeated,
        late: before.late + report.late,
      });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const way = this.#ways[report.way];
      const { arrived, repeated, late } = this.#arrived.get(key) ?? NONE;
      this.#arrived.delete(key);
      if (way === undefined) return;
      // Drops a batch that was sent before the other end listened: its datagrams were not lost on the way.
      if (report.t >= (this.#listening.get(way.to) ?? Infinity))
        this.#onBatch({ ...way, t: report.t, sent: report.sent, arrived, repeated, late });
    }, LOST_MS);
    this.#timers.add(timer);
  }

  /** Ends the reports: batches that are still under way are dropped. */
  end(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
  }
}

const NONE: Arrived = { arrived: 0, repeated: 0, late: 0 };

const noWitness = (name: string): ChaosError =>
  new ChaosError('CHAOS_NO_WITNESS', {
    what: `${name} is not running and cannot lend its network namespace`,
    hint: 'Evidence is taken from both ends of a way: start the container, or run `chaos heal`.',
    exit: 'not-ready',
  });
