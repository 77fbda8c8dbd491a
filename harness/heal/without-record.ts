import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import { notUndone, type Residue, unseen } from '../core/topology/residue.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import { compare, differencesAsResidue } from '../core/topology/snapshot/compare.ts';
import { readBefore } from './before.ts';
import { waitHealthy } from './health.ts';
import { readJournal } from './journal.ts';
import { readKept, type Recovered } from './recover.ts';
import { type Healer, undoAll } from './undo.ts';

/** A topology has this long to become healthy, milliseconds. */
const HEALTHY_MS = 60_000;

interface WithoutRecord {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  /** Tells people what was found, before anything is repaired. */
  readonly say: (line: string) => void;
  /** The folder of the journal and of the snapshot of a dead run. Absent when there is no such run. */
  readonly journal?: string;
}

/** The residue that was found, and the residue that is left. */
export interface PutRight extends Recovered {
  readonly found: readonly Residue[];
}

/**
 * Puts everything back that is not as it should be, and records nothing. First it says what it found, and then it
 * repairs. It looks again when the system is healthy, because a database that is down shows nothing. Of a dead run's
 * journal and snapshot it uses what can be read.
 */
export async function putRight({ topology, clock, say, journal }: WithoutRecord): Promise<PutRight> {
  if ((await topology.presence()) === 'absent') return { restored: true, residue: [], found: [] };
  const steps = readKept(() => (journal === undefined ? [] : readJournal(journal)), []);
  const snapshot = readKept(() => (journal === undefined ? undefined : readBefore(journal)), undefined);
  const before = snapshot.kept;
  const healer: Healer = { topology, clock, by: 'heal', emit: () => undefined };
  const found = new Map<string, Residue>();
  const look = async (): Promise<readonly Residue[]> => {
    const seen = await see().catch((error: unknown) => [unseen(error)]);
    for (const one of seen.filter((residue) => !found.has(nameOf(residue)))) {
      found.set(nameOf(one), one);
      say(`found: ${nameOf(one)}`);
    }
    return seen;
  };
  const see = async (): Promise<readonly Residue[]> => {
    const { residue, snapshot: now } = await topology.look();
    return [...residue, ...(before === undefined ? [] : differencesAsResidue(compare(before, now).changed))];
  };
  const restore = (): Promise<void> =>
    topology
      .restore(before)
      .catch((error: unknown) => say(`not everything could be repaired: ${describeError(error)}`));
  await look();
  let failed = await undoAll(healer, steps.kept);
  await restore();
  const missing = await waitHealthy({ topology, clock }, HEALTHY_MS);
  if ((await look()).length > 0) await restore();
  failed = await undoAll(healer, failed);
  const unwell = (missing ?? []).map((what): Residue => ({
    kind: 'not healthy',
    target: what,
    how_to_undo: 'chaos topology down && chaos topology up',
  }));
  const unread = [...steps.unread, ...snapshot.unread];
  const residue = [...(await look()), ...notUndone(failed, topology.spec), ...unread, ...unwell];
  return { restored: residue.length === 0, residue, found: [...found.values()] };
}

const nameOf = ({ kind, target }: Residue): string => `${kind} ${target}`;
