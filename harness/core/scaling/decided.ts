import type { EventOf } from '../record/events.ts';
import { eventsOf, type History } from '../record/history.ts';

type Recorded = Pick<History, 'events'>;

/** Returns when a change was decided, epoch milliseconds. A change is carried out some time after it was decided. */
export const decidedAt = (history: Recorded, { t, group, from, to }: EventOf<'scaled'>): number =>
  eventsOf(history, 'decided').findLast(
    (one) => one.service === group && one.from === from && one.to === to && one.t <= t,
  )?.t ?? t;

/** Returns when the change was decided that made a container at this moment: the latest change for more before it. */
export function decidedBefore(history: Recorded, service: string, created: number): number | undefined {
  const ups = eventsOf(history, 'decided').filter((one) => one.service === service && one.to > one.from);
  return ups.findLast(({ t }) => t <= created)?.t;
}
