import type { EventOf } from './events.ts';
import { eventsOf, type History } from './history.ts';
import type { Span } from '../plan/phases.ts';

/** Milliseconds between two readings of the host's processor. */
export const HOST_MS = 1_000;

/** Fewer samples than this (there is one each second) say little about a phase. */
const LEAST = 5;

/** Milliseconds of processor time that this machine used, or needed and did not get. */
export const neededMs = ({ busy_ms, stolen_ms }: EventOf<'host'>): number => busy_ms + stolen_ms;

/** Returns the readings of the host's processor within a span. */
export const hostSamples = (history: Pick<History, 'events'>, { started, ended }: Span): EventOf<'host'>[] =>
  eventsOf(history, 'host').filter((e) => e.t >= started && e.t < ended);

/**
 * Returns the share (0 to 1) of needed processor time that this machine did not get within a span, because its
 * hypervisor gave the time to other guests. Time that nobody needed is not counted, because it cannot be stolen.
 * Undefined when there are fewer than five samples, and when no time was needed.
 */
export function stolenShare(history: Pick<History, 'events'>, span: Span): number | undefined {
  const samples = hostSamples(history, span);
  const all = samples.reduce((sum, sample) => sum + neededMs(sample), 0);
  if (samples.length < LEAST || all === 0) return undefined;
  return samples.reduce((sum, { stolen_ms }) => sum + stolen_ms, 0) / all;
}
