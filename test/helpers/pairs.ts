import { rmSync } from 'node:fs';
import { systemClock as clock } from '../../harness/core/clock.ts';
import type { BoundFault, Fault } from '../../harness/core/kinds/fault.ts';
import { seededRandom } from '../../harness/core/random.ts';
import type { RunEvent } from '../../harness/core/record/events.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { describeUndo } from '../../harness/core/topology/undo.ts';
import { faults } from '../../harness/faults/index.ts';
import { UndoJournal } from '../../harness/heal/journal.ts';
import { ActiveFault } from '../../harness/run/steps/inject.ts';
import { ManualClock } from './doubles/clock.ts';
import { MemoryTopology } from './doubles/topology.ts';
import { holdAlone, withLedger } from './holding.ts';
import { becomesWell } from './laws.ts';
import { meeting, twin } from './overlap.ts';
import { temporaryFolder } from './samples/folder.ts';

/** Two faults that hold the same property at the same place. */
export interface Pair {
  readonly older: BoundFault;
  readonly newer: BoundFault;
  /** "state of chaos-app-1": in the topology of the tests the place has another name. */
  readonly on: string;
}

export const ORDERS = ['older first', 'newer first'] as const;
export type HealOrder = (typeof ORDERS)[number];

/** Returns the properties that a fault holds: "cores of chaos-app-1". */
async function heldBy(fault: BoundFault): Promise<readonly string[]> {
  const held: string[] = [];
  const injecting = fault.inject({
    id: 'pair-1',
    topology: new MemoryTopology(),
    clock: new ManualClock(),
    random: seededRandom(1),
    signal: new AbortController().signal,
    undo: () => Promise.resolve(),
    hold: (hold) => {
      held.push(`${hold.what} of ${hold.place}`);
      return holdAlone(hold);
    },
    tell: () => undefined,
    meanwhile: () => undefined,
  });
  // In some containers the fault cannot be: it holds nothing there.
  await injecting.catch(() => undefined);
  return held;
}

/** Returns every pair of these faults that holds one property together. The second of two alike has other values. */
export async function pairsOf(catalogue: readonly Fault[]): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (const one of catalogue) {
    for (const other of catalogue) {
      const [older, newer] = [meeting(one, other), one === other ? twin(one) : meeting(other, one)];
      const theirs = await heldBy(newer);
      const on = (await heldBy(older)).find((property) => theirs.includes(property));
      if (on !== undefined) pairs.push({ older, newer, on });
    }
  }
  return pairs;
}

export interface Outcome {
  /** What differs from before, what the audit found, and undo steps that failed. */
  readonly wrong: readonly string[];
  /** Why the newer fault did not begin beside the older one. */
  readonly refused: string | undefined;
  /** What the audit named while only one of the two was in force. */
  readonly between: readonly string[];
}

/** Puts both faults in force on a running topology, heals one after the other, and compares the snapshots. */
export async function tryPair(topology: TopologyControl, pair: Pair, order: HealOrder): Promise<Outcome> {
  const unwell = await becomesWell(topology);
  if (unwell.length > 0) throw new Error(`not well before the faults: ${unwell.join(', ')}`);
  const { snapshot: before } = await topology.look();
  const dir = temporaryFolder();
  using journal = new UndoJournal(dir);
  const errors: string[] = [];
  const emit = (event: RunEvent): void => {
    if (event.kind === 'undo.failed') errors.push(`${describeUndo(event.step)}: ${event.error}`);
  };
  const ctx = withLedger({ topology, clock, journal, seed: 1, emit });
  const begin = async (fault: BoundFault, id: string): Promise<[ActiveFault, string | undefined]> => {
    const active = new ActiveFault({ id, fault: fault.name, params: {}, at: 0, for: undefined }, ctx);
    const why = await active.inject(fault, new AbortController().signal).then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    return [active, why];
  };
  const [older, failed] = await begin(pair.older, `${pair.older.name}-1`);
  const [newer, refused] = await begin(pair.newer, `${pair.newer.name}-2`);
  const [first, second] = order === 'older first' ? [older, newer] : [newer, older];
  const open = [...(await first.heal())];
  const between = (await topology.residue()).map(({ kind, target }) => `${kind}: ${target}`);
  const alone = order === 'older first' ? { fault: pair.newer, why: refused } : { fault: pair.older, why: failed };
  // What a container had in force goes when its process ends by itself, as in a crash: the newer fault may meet that end.
  const ending = [alone.fault.name, pair.older.name];
  const passes = faults.some(({ name, passes: over }) => ending.includes(name) && over !== undefined);
  const lost = between.length === 0 && alone.why === undefined && !passes;
  open.push(...(await second.heal()));
  const left = await becomesWell(topology, before);
  rmSync(dir, { recursive: true, force: true });
  return {
    wrong: [
      ...(failed === undefined ? [] : [`the older fault did not begin: ${failed}`]),
      ...(lost ? [`nothing was left of ${alone.fault.name} while it alone was in force`] : []),
      ...open.map(({ step }) => `not undone: ${describeUndo(step)}`),
      ...(open.length > 0 ? errors : []),
      ...left,
    ],
    refused,
    between,
  };
}
