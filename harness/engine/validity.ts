import type { Check } from '../core/check.ts';
import type { Invalidity } from '../core/events.ts';
import { formatDuration } from '../core/duration.ts';
import { eventsOf, type History, windowOf } from '../core/history.ts';
import { unexplained } from '../core/hops.ts';
import { stolenShare } from '../core/host.ts';
import { JUDGED_PHASES } from '../core/phases.ts';
import { describeCondition } from '../core/steps.ts';
import { askedWithin } from '../core/traffic.ts';
import { violatedByBaseline } from './evaluate.ts';
import { clockGate, loadGates } from './load-gates.ts';

/**
 * Share of the wanted processor time that a hypervisor may give to others within a phase. Time is stolen in slices of some
 * milliseconds, and a request of this system wants some milliseconds on its way: so about this share of the requests meets
 * a slice. A p95 leaves out one request of twenty: from there on it is the hypervisor's latency and not the system's.
 */
const STOLEN = 0.05;

/** Reasons why a run as a whole proves nothing, whatever its checks say. Pure over the record. */
export const invalidities = (history: History, checks: readonly Check[]): Invalidity[] => [
  ...offered(history),
  ...baseline(history, checks),
  ...stolen(history),
  ...clockGate(history),
  ...reconciled(history),
  ...waited(history),
];

function offered(history: History): Invalidity[] {
  const spans = JUDGED_PHASES.flatMap((phase) => windowOf(history, phase) ?? []);
  return loadGates({
    requests: history.requests,
    spans,
    expected: askedWithin(history, spans),
    process: history.plan.load.arrivals.process,
    utilisation: eventsOf(history, 'load.ended')[0]?.totals.utilisation,
  });
}

/** The steady-state check before the fault saw only what had ended by then; this sees all, and records of any age. */
function baseline(history: History, checks: readonly Check[]): Invalidity[] {
  return violatedByBaseline(history, checks).map(({ name, expected, observed }) => ({
    code: 'CHAOS_BASELINE_OUTSIDE',
    message: `${name}: ${expected} did not hold in the baseline already, without the fault: ${observed}`,
  }));
}

function stolen(history: History): Invalidity[] {
  return JUDGED_PHASES.flatMap((phase) => {
    const window = windowOf(history, phase);
    const share = window === undefined ? undefined : stolenShare(history, window);
    if (share === undefined || share <= STOLEN) return [];
    const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
    const message = `in the ${phase} phase the hypervisor gave ${percent(share)} of the processor time that was wanted here to others (limit ${percent(STOLEN)})`;
    return [{ code: 'CHAOS_CPU_STOLEN', message }];
  });
}

function reconciled(history: History): Invalidity[] {
  const reconciliation = eventsOf(history, 'hops').at(-1);
  if (reconciliation === undefined) return [];
  return unexplained(reconciliation).map(({ what, count, examples }) => ({
    code: 'CHAOS_UNRECONCILED',
    message: `${count} ${count === 1 ? 'request' : 'requests'} ${what}${examples.length === 0 ? '' : `: ${examples.join(', ')}`}`,
  }));
}

/** The run did not come to what it was to try. */
function waited(history: History): Invalidity[] {
  return eventsOf(history, 'wait.ended').flatMap(({ id, outcome, saw, optional }) => {
    const wait = eventsOf(history, 'wait.started').find((event) => event.id === id);
    if (outcome === 'held' || optional || wait === undefined) return [];
    const limit = outcome === 'late' ? `within ${formatDuration(wait.within_ms)}` : 'before the fault phase ended';
    const message = `${id} waited until ${describeCondition(wait.wait)}, which was not seen ${limit} (last seen: ${saw})`;
    return [{ code: 'CHAOS_WAIT_DEADLINE', message }];
  });
}
