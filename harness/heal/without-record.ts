import type { Clock } from '../core/clock.ts';
import { type Residue, unseen } from '../core/topology/residue.ts';
import type { TopologyControl } from '../core/topology/control.ts';
import { waitHealthy } from './health.ts';
import type { Recovered } from './recover.ts';

/** A topology has this long to become healthy, milliseconds. */
const HEALTHY_MS = 60_000;

interface WithoutRecord {
  readonly topology: TopologyControl;
  readonly clock: Clock;
  /** Tells people what was found, before anything is repaired. */
  readonly say: (line: string) => void;
}

/** What was not as it should be, and what is left of it. */
export interface PutRight extends Recovered {
  readonly found: readonly Residue[];
}

/**
 * Puts everything back that is not as it should be, when no journal says what a run did. It looks and tells first, and
 * then repairs. It looks again when the system is healthy, because a database that is down shows nothing.
 */
export async function putRight({ topology, clock, say }: WithoutRecord): Promise<PutRight> {
  if ((await topology.presence()) === 'absent') return { restored: true, residue: [], found: [] };
  const found = new Map<string, Residue>();
  const look = async (): Promise<readonly Residue[]> => {
    const seen = await topology.residue().catch((error: unknown) => [unseen(error)]);
    for (const one of seen.filter((residue) => !found.has(nameOf(residue)))) {
      found.set(nameOf(one), one);
      say(`found: ${nameOf(one)}`);
    }
    return seen;
  };
  await look();
  await topology.restore();
  const missing = await waitHealthy({ topology, clock }, HEALTHY_MS);
  if ((await look()).length > 0) await topology.restore();
  const unwell = (missing ?? []).map((what): Residue => ({
    kind: 'not healthy',
    target: what,
    how_to_undo: 'chaos topology down && chaos topology up',
  }));
  const residue = [...(await look()), ...unwell];
  return { restored: residue.length === 0, residue, found: [...found.values()] };
}

const nameOf = ({ kind, target }: Residue): string => `${kind} ${target}`;
