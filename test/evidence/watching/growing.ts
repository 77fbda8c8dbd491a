import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { type Growing, keptEvents } from '../../helpers/replay.ts';

const PHASES: ReadonlySet<RunEvent['kind']> = new Set(['phase.started', 'phase.ended']);

/**
 * Adds the events of a real run to a record for so many minutes, at the pace at which they happened, again and again: its
 * warm-up to its recovery is one round. The moment of an event is the moment at which it is written. Returns how many were
 * written.
 */
export async function grow(record: Growing, minutes: number): Promise<number> {
  const events = keptEvents('v2-postgres-primary-loss');
  const [first, last] = [
    events.findIndex(({ kind }) => kind === 'phase.started'),
    events.findLastIndex(({ kind }) => kind === 'phase.ended'),
  ];
  const round = events.slice(first, last + 1);
  const length = (round.at(-1)?.t ?? 0) - (round[0]?.t ?? 0);
  const end = Date.now() + minutes * 60_000;
  let written = 0;
  const add = (event: RunEvent): void => {
    record.add({ ...event, t: Date.now() });
    written += 1;
  };
  events.slice(0, first).forEach(add);
  const begun = Date.now();
  for (let n = 0; Date.now() < end; n += 1) {
    for (const event of round) {
      if (n > 0 && PHASES.has(event.kind)) continue;
      const wait = begun + n * length + event.t - (round[0]?.t ?? 0) - Date.now();
      if (wait > 0) await delay(wait);
      if (Date.now() >= end) break;
      add(inRound(event, n));
    }
  }
  events.slice(last + 1).forEach(add);
  record.end('PASS');
  return written;
}

/** The faults of each round have ids of their own: "kill-1.2". */
const inRound = (event: RunEvent, n: number): RunEvent =>
  n > 0 && event.kind.startsWith('fault.') && 'id' in event ? { ...event, id: `${event.id}.${n + 1}` } : event;
