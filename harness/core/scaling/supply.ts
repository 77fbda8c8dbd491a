import { eventsOf, type History } from '../record/history.ts';
import type { Span } from '../plan/phases.ts';
import type { Life } from '../topology/life.ts';
import type { Level } from './elasticity.ts';

/** What became of one container that was made during a run. Epoch milliseconds; absent when it did not happen. */
export interface Lifeline {
  readonly container: string;
  readonly created?: number;
  readonly started?: number;
  readonly healthy?: number;
  readonly askedToEnd?: number;
  readonly ended?: number;
  readonly removed?: number;
}

const livesOf = (history: Pick<History, 'events'>, service: string): readonly Life[] =>
  eventsOf(history, 'life')
    .filter((life) => life.service === service)
    .toSorted((a, b) => a.t - b.t);

/** Returns the containers of a service that were made during a run, in that order, as the engine tells it. */
export function lifelines(history: Pick<History, 'events'>, service: string): readonly Lifeline[] {
  const lives = livesOf(history, service);
  const made = new Set(lives.filter(({ did }) => did === 'created').map(({ container }) => container));
  return [...made].map((container) => {
    const own = lives.filter((life) => life.container === container);
    const at = (did: Life['did'], name: keyof Lifeline): Partial<Lifeline> => {
      const t = own.find((life) => life.did === did)?.t;
      return t === undefined ? {} : { [name]: t };
    };
    return {
      container,
      ...at('created', 'created'),
      ...at('started', 'started'),
      ...at('healthy', 'healthy'),
      ...at('asked to end', 'askedToEnd'),
      ...at('ended', 'ended'),
      ...at('removed', 'removed'),
    };
  });
}

/** Whether the engine told everything that became of containers in a span of time. */
export function toldThroughout(history: Pick<History, 'events'>, { started, ended }: Span): boolean {
  const marks = eventsOf(history, 'lives').filter(({ t }) => t <= ended);
  const before = marks.findLast(({ t }) => t <= started);
  return before?.told === true && marks.every(({ t, told }) => t <= started || told);
}

/**
 * Returns how many containers of a service served, from the beginning of the record on, as the engine tells it: healthy, and
 * not asked to end. The containers that were there before the run count as serving until something becomes of them.
 */
export function supplyOf(history: Pick<History, 'events' | 'plan'>, service: string): readonly Level[] {
  const before = history.plan.topology.services[service]?.replicas ?? 0;
  const lives = livesOf(history, service);
  const made = new Set(lives.filter(({ did }) => did === 'created').map(({ container }) => container));
  const serving = new Map<string, boolean>();
  let instances = before;
  const levels: Level[] = [{ t: history.events[0]?.t ?? 0, instances }];
  for (const { t, container, did } of lives) {
    const was = serving.get(container) ?? !made.has(container);
    const is = did === 'healthy' ? true : did === 'created' || did === 'started' ? was : false;
    serving.set(container, is);
    if (is === was) continue;
    instances += is ? 1 : -1;
    levels.push({ t, instances });
  }
  return levels;
}
