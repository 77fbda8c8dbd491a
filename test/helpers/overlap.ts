import type { BoundFault, Fault } from '../../harness/core/kinds/fault.ts';
import { inUndoOrder, type JournalEntry } from '../../harness/core/topology/undo.ts';
import { ActiveFault } from '../../harness/run/steps/inject.ts';
import { ManualClock } from './doubles/clock.ts';
import { MemoryTopology } from './doubles/topology.ts';
import { UnknownCommand } from './doubles/topology/commands/known.ts';
import { withLedger } from './holding.ts';

/** A run in memory, whose faults overlap. */
export class Overlapping {
  readonly topology = new MemoryTopology();
  readonly #clock = new ManualClock();
  readonly #journal: JournalEntry[] = [];
  readonly #ctx = withLedger({
    topology: this.topology,
    clock: this.#clock,
    journal: { record: (entry) => void this.#journal.push(entry) },
    seed: 1,
    emit: () => undefined,
  });

  /** Puts a fault in force. Returns a function that heals it, and resolves with the undo steps that failed. */
  async inForce(fault: BoundFault, id: string): Promise<() => Promise<readonly JournalEntry[]>> {
    const active = new ActiveFault({ id, fault: fault.name, params: {}, at: 0, for: undefined }, this.#ctx);
    await active.inject(fault, new AbortController().signal).catch((error: unknown) => {
      // The other fault may keep this one from acting. What it recorded is undone all the same.
      if (error instanceof UnknownCommand) throw error;
    });
    return () => this.#clock.through(active.heal());
  }

  /** Carries out every undo step on disk, as the guardian does. Resolves with the steps that failed. */
  async fromDisk(): Promise<readonly JournalEntry[]> {
    const failed: JournalEntry[] = [];
    for (const entry of inUndoOrder(this.#journal.toReversed()))
      await this.topology.undo(entry.step).catch(() => failed.push(entry));
    return failed;
  }
}

/** Returns the fault with its example changed, undefined when its parameters do not allow the change. */
function changed(fault: Fault, change: object): BoundFault | undefined {
  const { success, data } = fault.params.safeParse({ ...(fault.example as object), ...change });
  return success ? fault.bind(data) : undefined;
}

const ON_ONE_LINK = { link: 'app-to-primary' };
const ON_ONE_CONTAINER = { service: 'app', replica: 1, role: undefined };
/** A fault of containers can be aimed at any of them. */
const atContainer = (fault: Fault, aim: object): BoundFault | undefined =>
  'service' in (fault.example as object) && changed(fault, ON_ONE_CONTAINER) !== undefined
    ? changed(fault, aim)
    : undefined;

/** Other values than those of the example, for the second of two faults of a kind. */
const OTHER: Readonly<Record<string, object>> = {
  certificate_wrong_name: { name: 'another.test' },
  cpu_limit: { cpus: 0.5 },
  memory_squeeze: { free: '24MiB' },
  disk_slow: { writes_per_s: 100 },
  disk_full: { free: '1MiB' },
  fd_exhaustion: { nofile: 64 },
  packet_corrupt: { corrupt: 30 },
  packet_delay: { delay: '40ms' },
  packet_duplicate: { duplicate: 30 },
  packet_reorder: { reorder: 50 },
  redis_memory: { percent: 70, policy: 'noeviction' },
  slow_queries: { delay: '50ms' },
  flap: { down: '700ms', up: '700ms' },
  deploy: { image: '{{image}}-other' },
};

/** The second of two faults of a kind, at the same place: with other values where the kind has some. */
export const twin = (fault: Fault): BoundFault =>
  meeting({ ...fault, example: { ...(fault.example as object), ...OTHER[fault.name] } }, fault);

/** The fault as the other one meets it: in the same container, on the same link, or where the other one acts. */
export function meeting(fault: Fault, other: Fault): BoundFault {
  const { link, target } = other.bind(other.params.parse(other.example)).aims;
  const theirs = { role: undefined, ...(link === undefined ? target : { service: 'toxiproxy', replica: 1 }) };
  const aim = atContainer(other, ON_ONE_CONTAINER) === undefined ? theirs : ON_ONE_CONTAINER;
  return atContainer(fault, aim) ?? changed(fault, ON_ONE_LINK) ?? fault.bind(fault.params.parse(fault.example));
}
