import { z } from 'zod';
import type { History } from '../core/history.ts';
import { windowOf } from '../core/history.ts';
import { OUTCOMES, SOURCES } from '../core/load/load.ts';
import { JUDGED_PHASES, type JudgedPhase } from '../core/phases.ts';

const OPEN = SOURCES.indexOf('open');
const OK = OUTCOMES.indexOf('ok');
const DROPPED = OUTCOMES.indexOf('dropped');

/** Which requests a hypothesis is about. */
export const of = z
  .string()
  .optional()
  .meta({
    description: 'all (default), reads, writes, or an endpoint as the workload names it',
    examples: ['reads', 'GET /api/dashboard'],
  });

/** In which phases it must hold; each is judged for itself. */
export const during = z
  .array(z.enum(JUDGED_PHASES))
  .min(1)
  .default(['baseline', 'recovery'])
  .meta({ description: 'The phases in which it must hold, each judged for itself' });

export interface Selected {
  /** Milliseconds from planned to done in the order of the planned time; a failed request counts as slow as the timeout at least. */
  readonly latencies: readonly number[];
  readonly ok: number;
  readonly failed: number;
  /** How often each way of failing was met, the commonest first: "timeout 3, http_error 2". */
  readonly failures: string;
  /** Never sent, and counted nowhere else. */
  readonly dropped: number;
}

/**
 * The open requests of a phase, by the time at which they were planned. Those that the generator itself dropped are
 * neither ok nor failed: they are no fault of the system's, and the validity gates do not let them pass.
 */
export function select(history: History, phase: JudgedPhase, what: string | undefined): Selected {
  const window = windowOf(history, phase);
  const { requests, plan } = history;
  if (window === undefined) return { latencies: [], ok: 0, failed: 0, failures: '', dropped: 0 };
  const wanted = wantedEndpoints(history, what);
  const rows: { at: number; latency: number }[] = [];
  const outcomes: number[] = [];
  let ok = 0;
  let failed = 0;
  for (let i = 0; i < requests.length; i += 1) {
    const at = requests.planned[i] ?? NaN;
    if (requests.source[i] !== OPEN || !(at >= window.started && at < window.ended)) continue;
    const outcome = requests.outcome[i] ?? 0;
    if (!wanted.has(requests.endpoint[i] ?? -1)) continue;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (outcome === DROPPED) continue;
    const good = outcome === OK;
    if (good) ok += 1;
    else failed += 1;
    const took = (requests.done[i] ?? NaN) - at;
    rows.push({ at, latency: good ? took : Math.max(Number.isFinite(took) ? took : 0, plan.load.timeoutMs) });
  }
  rows.sort((a, b) => a.at - b.at);
  const dropped = outcomes[DROPPED] ?? 0;
  return { latencies: rows.map((row) => row.latency), ok, failed, failures: failuresText(outcomes), dropped };
}

const failuresText = (outcomes: readonly number[]): string =>
  OUTCOMES.map((name, i) => ({ name, count: outcomes[i] ?? 0 }))
    .filter(({ name, count }) => count > 0 && name !== 'ok' && name !== 'dropped')
    .sort((a, b) => b.count - a.count)
    .map(({ name, count }) => `${name} ${count}`)
    .join(', ');

/** Positions of the endpoints meant by `reads`, `writes`, `all` or a name. */
function wantedEndpoints({ plan, requests }: History, what = 'all'): ReadonlySet<number> {
  const kinds = new Map(plan.load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => [e.name, e.kind] as const)));
  const matches = (name: string): boolean => {
    if (what === 'all') return true;
    if (what === 'reads') return kinds.get(name) === 'read';
    if (what === 'writes') return kinds.get(name) === 'write';
    return name === what;
  };
  return new Set(requests.endpoints.flatMap((name, i) => (matches(name) ? [i] : [])));
}

/** "of reads", for names; nothing where all are meant. */
export const ofText = (what: string | undefined): string => (what === undefined || what === 'all' ? '' : ` of ${what}`);
