import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';

/** An audit for residue that compared the world and found nothing. */
export const auditedClean = (t: number, at: EventOf<'audited'>['at']): EventOf<'audited'> => ({
  t,
  kind: 'audited',
  at,
  by: 'run',
  ms: 400,
  compared: true,
  found: [],
  may_differ: [],
});

/** What a run records when nothing is left of its faults. Times are epoch milliseconds. */
export const putBack = (times: { before: number; healed: number; ended: number }): RunEvent[] => [
  { t: times.before, kind: 'snapshot', places: { 'chaos-app-1': { state: 'running', cpus: '1' } } },
  auditedClean(times.healed, 'at the end of the heal phase'),
  auditedClean(times.ended, 'at the end of the run'),
  { t: times.ended, kind: 'residue', residue: [], healthy: true },
];
