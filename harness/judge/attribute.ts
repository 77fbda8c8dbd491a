import type { JudgedRun } from '../core/record/run.ts';
import { eventsOf, type History, windowOf } from '../core/record/history.ts';
import { hostSamples, neededMs } from '../core/record/host.ts';
import type { Attribution } from '../core/suite/attribution.ts';
import { JUDGED_PHASES, type Span } from '../core/plan/phases.ts';

/** Others on the host may use this share of its cores while a check fails. More is the host's own trouble. */
const OTHERS = 0.35;

/** Reasons of gates that say something about the machine on which the run went on. */
const OF_HOST: ReadonlySet<string> = new Set(['CHAOS_CPU_STOLEN', 'CHAOS_CLOCK_STEP']);
/** Reasons that come of a late generator: of the machine when others use it, otherwise unknown. */
const OF_GENERATOR: ReadonlySet<string> = new Set([
  'CHAOS_GENERATOR_LAG',
  'CHAOS_GENERATOR_SATURATED',
  'CHAOS_LOAD_DROPPED',
  'CHAOS_LOAD_SHORT',
]);
const OF_HARNESS: ReadonlySet<string> = new Set([
  'CHAOS_EVIDENCE_MISSING',
  'CHAOS_UNRECONCILED',
  'CHAOS_RECORD_DAMAGED',
]);

/**
 * Says whose fault it is that a run did not pass, by what the record shows: the machine (time that a hypervisor or others took,
 * a full disk, a stepped clock), the harness, or the system under test. Unknown where the record does not show it. Pure over the
 * record.
 */
export function attribute({ document, history }: JudgedRun): Attribution {
  const { verdict, invalid, unwritten = [], reason } = document;
  const full = unwritten.find(({ code }) => code === 'CHAOS_DISK_FULL');
  if (full !== undefined) return { to: 'host', why: `the disk was full: ${full.file} could not be written` };
  const notes = [reason ?? '', ...invalid.map(({ code }) => code)].join(' ');
  if (notes.includes('CHAOS_DISK_FULL')) return { to: 'host', why: 'the disk was full' };
  const host = invalid.find(({ code }) => OF_HOST.has(code));
  if (host !== undefined) return { to: 'host', why: host.message };
  if (verdict === 'ERROR') return { to: 'harness', why: reason ?? 'the harness failed' };
  if (verdict === 'INTERRUPTED') return { to: 'harness', why: reason ?? 'the run was ended from outside' };
  const busy = busiest(history);
  const taken = busy === undefined ? undefined : othersText(busy);
  if (taken !== undefined) return { to: 'host', why: taken };
  const late = invalid.find(({ code }) => OF_GENERATOR.has(code));
  if (late !== undefined) return { to: 'unknown', why: late.message };
  const broken = invalid.find(({ code }) => OF_HARNESS.has(code));
  if (broken !== undefined) return { to: 'harness', why: broken.message };
  const failed = document.checks.find((check) => check.verdict === 'FAIL');
  if (verdict === 'FAIL' && failed !== undefined)
    return { to: 'system', why: `${failed.name}: ${failed.observed}, and nothing else on the machine explains it` };
  if (verdict === 'ABORTED' || verdict === 'NOT RESTORED')
    return { to: 'system', why: reason ?? 'the system did not come back' };
  if (verdict === 'NOT READY') return { to: 'unknown', why: reason ?? 'the run was not ready' };
  return { to: 'unknown', why: invalid[0]?.message ?? 'the record does not show it' };
}

/** What a machine did within a phase. Shares of all its cores, 0 to 1. */
interface Busy {
  readonly phase: string;
  readonly all: number;
  readonly others: number;
}

/** Returns the judged phase in which others used most of the machine; undefined when the record does not show it. */
function busiest(history: History): Busy | undefined {
  const found = JUDGED_PHASES.flatMap((phase): Busy[] => {
    const window = windowOf(history, phase);
    const busy = window === undefined ? undefined : busyIn(history, window);
    return busy === undefined ? [] : [{ phase, ...busy }];
  });
  return found.toSorted((a, b) => b.others - a.others)[0];
}

function busyIn(history: History, window: Span): Omit<Busy, 'phase'> | undefined {
  const samples = hostSamples(history, window);
  const sum = (of: (sample: (typeof samples)[number]) => number): number =>
    samples.reduce((all, one) => all + of(one), 0);
  const [needed, idle] = [sum(neededMs), sum(({ idle_ms }) => idle_ms)];
  if (samples.length === 0 || needed + idle === 0) return undefined;
  const cores = eventsOf(history, 'run.started')[0]?.environment.cores;
  if (cores === undefined) return undefined;
  const all = needed / (needed + idle);
  return { all, others: Math.max(0, all - containersIn(history, window) / cores) };
}

/** Returns how many cores all containers of the topology used within a span, on average. */
function containersIn(history: History, { started, ended }: Span): number {
  const within = eventsOf(history, 'resources').filter(({ t }) => t >= started && t < ended);
  const by = Map.groupBy(
    within.filter(({ server_id }) => server_id !== 'host'),
    ({ server_id }) => server_id,
  );
  return [...by.values()].reduce((sum, events) => {
    const known = events.flatMap(({ cpu_percent }) => (cpu_percent === null ? [] : [cpu_percent]));
    return known.length === 0 ? sum : sum + known.reduce((all, one) => all + one, 0) / known.length / 100;
  }, 0);
}

function othersText({ phase, all, others }: Busy): string | undefined {
  if (others < OTHERS || all < 0.9) return undefined;
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  return `in the ${phase} phase ${percent(others)} of the host's processors went to others than the topology, and ${percent(all)} were busy`;
}
