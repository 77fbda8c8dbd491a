import { z } from 'zod';
import type { History } from '../core/record/history.ts';
import { windowOf } from '../core/record/history.ts';
import { openRows, type Traffic, trafficOf, trafficWithin } from '../core/record/traffic.ts';
import { OUTCOMES } from '../core/load/load.ts';
import { JUDGED_PHASES, type JudgedPhase } from '../core/plan/phases.ts';

/** The requests that a hypothesis judges. */
export const of = z
  .string()
  .optional()
  .meta({
    description: 'all (default), reads, writes, or an endpoint as the workload names it',
    examples: ['reads', 'GET /api/dashboard'],
  });

/** The phases in which a hypothesis must hold. Each phase is judged by itself. */
export const during = z
  .array(z.enum(JUDGED_PHASES))
  .min(1)
  .default(['baseline', 'recovery'])
  .meta({ description: 'The phases in which it must hold; each is judged by itself' });

export interface Selected extends Traffic {
  /** How often each kind of failure was met, the most frequent first: "timeout 3, http_error 2". */
  readonly failuresText: string;
}

/**
 * Returns the open requests of a phase, by the time at which they were planned. A request that the generator itself
 * dropped is neither ok nor failed: the system did nothing wrong, and a gate makes the run prove nothing.
 */
export function select(history: History, phase: JudgedPhase, what: string | undefined): Selected {
  const window = windowOf(history, phase);
  const { requests } = history;
  const endpoints = selectedEndpoints(history, what);
  const some = (): Traffic => {
    const rows = window === undefined ? new Uint32Array() : openRows(requests, window);
    return trafficOf(
      history,
      rows.filter((i) => endpoints.has(requests.endpoint[i] ?? -1)),
    );
  };
  const everything = window !== undefined && endpoints.size === requests.endpoints.length;
  const traffic = everything ? trafficWithin(history, window).all : some();
  return { ...traffic, failuresText: failuresText(traffic.outcomes) };
}

const failuresText = (outcomes: readonly number[]): string =>
  OUTCOMES.map((name, i) => ({ name, count: outcomes[i] ?? 0 }))
    .filter(({ name, count }) => count > 0 && name !== 'ok' && name !== 'dropped')
    .sort((a, b) => b.count - a.count)
    .map(({ name, count }) => `${name} ${count}`)
    .join(', ');

/** Returns the positions of the endpoints that `reads`, `writes`, `all` or a name selects. */
function selectedEndpoints({ plan, requests }: History, what = 'all'): ReadonlySet<number> {
  const kinds = new Map(plan.load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => [e.name, e.kind] as const)));
  const matches = (name: string): boolean => {
    if (what === 'all') return true;
    if (what === 'reads') return kinds.get(name) === 'read';
    if (what === 'writes') return kinds.get(name) === 'write';
    return name === what;
  };
  return new Set(requests.endpoints.flatMap((name, i) => (matches(name) ? [i] : [])));
}

/** Returns " of reads", for the names of results, and nothing when all requests are selected. */
export const ofText = (what: string | undefined): string => (what === undefined || what === 'all' ? '' : ` of ${what}`);
