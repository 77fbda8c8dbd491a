import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { isOfVersion1, missing } from './missing.ts';

/**
 * The wall clock may move by at most this much, milliseconds. Beyond it the times of the containers and the times of
 * the load no longer fit together.
 */
const STEPPED_MS = 500;

/**
 * Gate: nobody may step the wall clock while a run or a load is recorded, and the record must show that the clock was
 * watched. Records of version 1 do not show this.
 */
export function clockGate(history: Pick<History, 'events'>): Invalidity[] {
  const watched = eventsOf(history, 'clock.watched').at(-1);
  const recorded = eventsOf(history, 'clock.stepped').length;
  if (!isOfVersion1(history) && (watched === undefined || watched.looks === 0))
    return [missing('nobody watched the wall clock')];
  if (watched !== undefined && watched.steps !== recorded)
    return [missing(`the wall clock was stepped ${watched.steps} times, and the record holds ${recorded} of them`)];
  let [apart, most] = [0, 0];
  for (const { by_ms } of eventsOf(history, 'clock.stepped')) {
    apart += by_ms;
    if (Math.abs(apart) > Math.abs(most)) most = apart;
  }
  if (Math.abs(most) <= STEPPED_MS) return [];
  return [{ code: 'CHAOS_CLOCK_STEP', message: `the wall clock was stepped by ${most} ms during the run` }];
}
