import { eventsOf, type History, windowOf } from '../record/history.ts';
import type { Served } from '../record/hops.ts';
import type { Life } from '../topology/life.ts';
import type { Level } from './elasticity.ts';

type Recorded = Pick<History, 'events' | 'plan'>;

/** What became of one container that was made during a run. Epoch milliseconds; absent when it did not happen. */
export interface Lifeline {
  readonly container: string;
  readonly created?: number;
  readonly started?: number;
  readonly healthy?: number;
  /** When the edge had its first and its last answer. */
  readonly served?: number;
  readonly lastServed?: number;
  readonly askedToEnd?: number;
  readonly ended?: number;
  readonly removed?: number;
}

const livesOf = (history: Recorded, service: string): readonly Life[] =>
  eventsOf(history, 'life')
    .filter((life) => life.service === service)
    .toSorted((a, b) => a.t - b.t);

/**
 * Returns the containers of a service that were made during a run, in that order: what became of them as the engine tells
 * it, and what they answered as the edge's log tells it. A name that was given twice is two containers.
 */
export function lifelines(history: Recorded, service: string): readonly Lifeline[] {
  const lives = livesOf(history, service);
  const answers = answersOf(history);
  const births = lives.filter(({ did }) => did === 'created');
  return births.map(({ container, t: created }, i) => {
    const until = births.slice(i + 1).find((next) => next.container === container)?.t ?? Infinity;
    const within = (t: number | undefined): t is number => t !== undefined && t >= created && t < until;
    const own = lives.filter((life) => life.container === container && within(life.t));
    const at = (did: Life['did'], name: keyof Lifeline): Partial<Lifeline> => {
      const t = own.find((life) => life.did === did)?.t;
      return t === undefined ? {} : { [name]: t };
    };
    const { first, last } = answers.get(container) ?? {};
    return {
      container,
      created,
      ...at('started', 'started'),
      ...at('healthy', 'healthy'),
      ...(within(first) ? { served: first } : {}),
      ...(within(last) ? { lastServed: last } : {}),
      ...at('asked to end', 'askedToEnd'),
      ...at('ended', 'ended'),
      ...at('removed', 'removed'),
    };
  });
}

/** Returns when each container answered first and last. Empty when no request was followed. */
function answersOf(history: Recorded): ReadonlyMap<string, Served> {
  const found = new Map<string, Served>();
  const rows = eventsOf(history, 'hops').flatMap(({ rows: each }) => each);
  for (const [container, { first, last }] of rows.flatMap(({ app }) => Object.entries(app.served ?? {}))) {
    const seen = found.get(container) ?? { first, last };
    found.set(container, { first: Math.min(seen.first, first), last: Math.max(seen.last, last) });
  }
  return found;
}

/** Whether the engine told everything that became of containers, from the baseline to the end of the last phase. */
export function toldAll(history: Pick<History, 'events' | 'windows'>): boolean {
  const { windows } = history;
  const [first, last] = [windowOf(history, 'baseline') ?? windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return false;
  const [started, ended] = [first.started, last.ended];
  const marks = eventsOf(history, 'lives').filter(({ t }) => t <= ended);
  const before = marks.findLast(({ t }) => t <= started);
  return before?.told === true && marks.every(({ t, told }) => t <= started || told);
}

/** Whether the record tells which requests the containers of a service answered. */
export const isFollowed = (history: Recorded, service: string): boolean =>
  eventsOf(history, 'hops').some(
    ({ app, rows }) => app === service && rows.some((row) => row.app.served !== undefined),
  );

/**
 * Returns how many containers of a service served, from the beginning of the record on. A container serves from its first
 * answer on, by the edge's log; where no request is followed to the service, from the moment when the engine finds it healthy.
 * It serves until it is asked to end, or ends. The containers that were there before the run count as serving until
 * something becomes of them.
 */
export function supplyOf(history: Recorded, service: string): readonly Level[] {
  let instances = history.plan.topology.services[service]?.replicas ?? 0;
  const levels: Level[] = [{ t: history.events[0]?.t ?? 0, instances }];
  const lines = lifelines(history, service);
  const serving = new Map<string, boolean>(lines.map(({ container }) => [container, false]));
  for (const { t, container, serves } of turnsOf(history, service, lines)) {
    const was = serving.get(container) ?? true;
    serving.set(container, serves);
    if (serves === was) continue;
    instances += serves ? 1 : -1;
    levels.push({ t, instances });
  }
  return levels;
}

interface Turn {
  readonly t: number;
  readonly container: string;
  readonly serves: boolean;
}

/** Returns the moments at which a container begins or ceases to serve, in the order of time. */
function turnsOf(history: Recorded, service: string, lines: readonly Lifeline[]): readonly Turn[] {
  const followed = isFollowed(history, service);
  // Of a new container that is followed, the first answer counts and not its first health.
  const firstHealth = new Set(followed ? lines.map(({ container, healthy }) => `${container} ${healthy}`) : []);
  const told = livesOf(history, service).flatMap(({ t, container, did }): Turn[] => {
    if (did === 'created' || did === 'started' || firstHealth.has(`${container} ${t}`)) return [];
    return [{ t, container, serves: did === 'healthy' }];
  });
  const answered = followed
    ? lines.flatMap(({ container, served }) => (served === undefined ? [] : [{ t: served, container, serves: true }]))
    : [];
  return [...told, ...answered].toSorted((a, b) => a.t - b.t);
}
