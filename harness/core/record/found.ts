import type { AuditMoment, RepairedResidue, Residue } from '../topology/residue.ts';
import { eventsOf, type History } from './history.ts';

/** Residue that an audit of the run found, and what became of it. */
export interface FoundInRun extends Residue {
  /** The first audit that saw the residue. */
  readonly since: AuditMoment;
  /** What removed the residue; null when it was still there at the last look. */
  readonly repaired_by: RepairedResidue['by'] | null;
}

/** Returns all residue that the audits of a run found, in the order in which it was found. */
export function foundIn(history: Pick<History, 'events'>): FoundInRun[] {
  const found = new Map<string, FoundInRun>();
  for (const event of history.events) {
    if (event.kind === 'audited') for (const one of event.found) found.set(nameOf(one), { ...one, repaired_by: null });
    if (event.kind !== 'repaired') continue;
    for (const { by, ...one } of event.repaired) {
      const known = found.get(nameOf(one));
      if (known !== undefined) found.set(nameOf(one), { ...known, repaired_by: by });
    }
  }
  return [...found.values()];
}

const nameOf = ({ kind, target }: Residue): string => `${kind} ${target}`;

/** Returns what the audit at a moment found and did not repair, and `undefined` when there was no such audit. */
export function leftAt({ events }: Pick<History, 'events'>, at: AuditMoment): readonly Residue[] | undefined {
  const audited = eventsOf({ events }, 'audited').findLast((event) => event.at === at);
  return eventsOf({ events }, 'repaired').findLast((event) => event.at === at)?.left ?? audited?.found;
}
