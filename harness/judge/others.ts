import { eventsOf, type History, windowOf } from '../core/record/history.ts';
import { hostSamples, neededMs } from '../core/record/host.ts';
import type { JudgedPhase, Span } from '../core/plan/phases.ts';
import { latenessWithin } from '../core/record/traffic.ts';
import { percentile } from '../core/stats.ts';

/** Others on the host may use this share of its cores while a check fails. More may be the host's own trouble. */
const OTHERS = 0.35;
/** Below this share of busy cores nobody had to wait for one. */
const FULL = 0.9;
/**
 * The 99th percentile of the generator's lateness, milliseconds. Above it the processor was taken from a process that wanted it
 * at once. Work at a low priority fills a machine and makes nobody wait: then it stays below 4 ms.
 */
const WAITED_MS = 10;

/** What a machine did within a phase. Shares of all its cores, 0 to 1. */
interface Busy {
  readonly all: number;
  readonly others: number;
}

/**
 * Returns how others on the host kept the topology from its processors in a phase, in words. Others are neither the topology nor
 * the run's own process. Undefined when they did not, and when the record does not show it.
 */
export function takenIn(history: History, phase: JudgedPhase): string | undefined {
  const window = windowOf(history, phase);
  const busy = window === undefined ? undefined : busyIn(history, window);
  if (window === undefined || busy === undefined || busy.others < OTHERS || busy.all < FULL) return undefined;
  const late = latenessIn(history, window);
  if (late === undefined || late < WAITED_MS) return undefined;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  return `in the ${phase} phase ${percent(busy.others)} of the host's processors went to others than the topology, ${percent(busy.all)} were busy, and 1 % of the requests were sent more than ${late.toFixed(0)} ms late`;
}

/** True when the load of a phase was sent on time: nobody who wanted a processor had to wait for it. */
export function isCalm(history: History, phase: JudgedPhase): boolean {
  const window = windowOf(history, phase);
  return window !== undefined && (latenessIn(history, window) ?? Infinity) < WAITED_MS;
}

/** True when the record shows who used the processors in a phase, or that nobody had to wait for one. */
export function isWatched(history: History, phase: JudgedPhase): boolean {
  const window = windowOf(history, phase);
  return isCalm(history, phase) || (window !== undefined && busyIn(history, window) !== undefined);
}

const latenessIn = ({ requests }: History, window: Span): number | undefined =>
  percentile(latenessWithin(requests, [window]), 99);

function busyIn(history: History, window: Span): Busy | undefined {
  const samples = hostSamples(history, window);
  const sum = (of: (sample: (typeof samples)[number]) => number): number =>
    samples.reduce((all, one) => all + of(one), 0);
  const total = sum(neededMs) + sum(({ idle_ms }) => idle_ms);
  const cores = eventsOf(history, 'run.started')[0]?.environment.cores;
  const containers = containersIn(history, window);
  if (total === 0 || cores === undefined || containers === undefined) return undefined;
  const all = sum(neededMs) / total;
  const own = sum(({ own_ms = 0 }) => own_ms) / total;
  return { all, others: Math.max(0, all - own - containers / cores) };
}

/** Returns how many cores all containers of the topology used within a span, on average. Undefined when nobody measured it. */
function containersIn(history: History, { started, ended }: Span): number | undefined {
  const within = eventsOf(history, 'resources').filter(({ t }) => t >= started && t < ended);
  const by = Map.groupBy(
    within.flatMap(({ server_id, cpu_percent }) =>
      server_id === 'host' || cpu_percent === null ? [] : [{ server_id, cores: cpu_percent / 100 }],
    ),
    ({ server_id }) => server_id,
  );
  if (by.size === 0) return undefined;
  return [...by.values()].reduce(
    (sum, known) => sum + known.reduce((all, { cores }) => all + cores, 0) / known.length,
    0,
  );
}
