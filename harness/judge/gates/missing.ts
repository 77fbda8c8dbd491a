import type { Invalidity } from '../../core/record/events.ts';
import type { History } from '../../core/record/history.ts';

/** Returns the reason why a run proves nothing: evidence that a run records is not in the record. */
export const missing = (message: string): Invalidity => ({ code: 'CHAOS_EVIDENCE_MISSING', message });

/** Returns true for a record of version 1, which holds less evidence. Such a record never passes: see `closedGate`. */
export const isOfVersion1 = ({ events }: Pick<History, 'events'>): boolean =>
  !events.some((e) => (e.kind === 'run.started' || e.kind === 'load.started') && (e.version ?? 1) > 1);
