import type { EventOf } from './events.ts';
import { eventsOf, type History } from './history.ts';
import type { PhaseWindow } from './phases.ts';

type Span = Pick<PhaseWindow, 'started' | 'ended'>;

/** Fewer samples than these, one a second, say little about a phase. */
const LEAST = 5;

const wanted = ({ busy_ms, stolen_ms }: EventOf<'host'>): number => busy_ms + stolen_ms;

/**
 * Of the processor time that was wanted on this machine within a span, the share that its hypervisor gave to others, 0 to
 * 1. Of what was wanted and not of all: time that nobody wants cannot be stolen. Undefined where too little was seen, and
 * where the system does not tell.
 */
export function stolenShare(history: Pick<History, 'events'>, { started, ended }: Span): number | undefined {
  const samples = eventsOf(history, 'host').filter((e) => e.t >= started && e.t < ended);
  const all = samples.reduce((sum, sample) => sum + wanted(sample), 0);
  if (samples.length < LEAST || all === 0) return undefined;
  return samples.reduce((sum, { stolen_ms }) => sum + stolen_ms, 0) / all;
}
