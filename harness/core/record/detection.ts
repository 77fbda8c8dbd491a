import type { FaultRecord } from '../kinds/fault.ts';
import type { Span } from '../plan/phases.ts';
import type { MetricLabels } from '../topology/monitoring.ts';
import { type AlertEpisode, alertEpisodes, unwatched } from './alerts.ts';
import { eventsOf, type History } from './history.ts';

/** What Prometheus' alerts did in a run, for documents and reports. */
export interface AlertsOfRun {
  /** Seconds of the judged phases in which nobody knows what the alerts did. */
  readonly unwatched_s: number;
  /** Every time in which an alert was pending or firing within the judged phases, by its beginning. */
  readonly active: readonly ActiveInRun[];
  /** For each fault: the first alert that fired because of it, as far as times can tell. */
  readonly detected: readonly {
    readonly fault: string;
    /** Seconds from the beginning of the fault. Null when no alert fired. */
    readonly first_alert_s: number | null;
    readonly name: string | null;
  }[];
}

export interface ActiveInRun {
  readonly name: string;
  readonly labels: MetricLabels;
  /** The youngest fault that had begun. Null: the alert was active before every fault. */
  readonly fault: string | null;
  /** Seconds from the beginning of the fault; of the baseline, when there is no fault. Null: it did not happen. */
  readonly pending_s: number;
  readonly firing_s: number | null;
  readonly delivered_s: number | null;
  /** Seconds from the healing of the last fault that had begun; negative: before it was healed. Null: not resolved. */
  readonly resolved_s: number | null;
  /** False: the times are as exact as the looks of the harness, about a second. */
  readonly exact: boolean;
}

/** Whether a run was watched by a Prometheus. */
const isWatched = ({ plan }: Pick<History, 'plan'>): boolean => plan.topology.monitoring !== undefined;

/** Returns the judged time of a run: from the baseline to the end of its last phase. Undefined without a baseline. */
export function judgedSpan({ windows }: Pick<History, 'windows'>): Span | undefined {
  const judged = windows.filter(({ phase }) => phase !== 'warmup');
  const [first, last] = [judged[0], judged.at(-1)];
  return first === undefined || last === undefined ? undefined : { started: first.started, ended: last.ended };
}

/** Returns the faults that had begun at a time, the oldest first. */
const begun = (faults: readonly FaultRecord[], t: number): FaultRecord[] =>
  faults.filter(({ injecting }) => injecting <= t).toSorted((a, b) => a.injecting - b.injecting);

/** Returns when all faults that had begun at a time were healed. Undefined without a fault, and when one never was. */
export function healedBy(faults: readonly FaultRecord[], t: number): number | undefined {
  const healed = begun(faults, t).map((fault) => fault.healed);
  return healed.length === 0 || healed.includes(undefined) ? undefined : Math.max(...healed.map((one) => one ?? 0));
}

const seconds = (ms: number): number => Math.round(ms) / 1_000;

function told(episode: AlertEpisode, faults: readonly FaultRecord[], span: Span): ActiveInRun {
  const fault = begun(faults, episode.active).at(-1);
  const from = fault?.injecting ?? span.started;
  const since = (t: number | undefined): number | null => (t === undefined ? null : seconds(t - from));
  const healed = healedBy(faults, episode.resolved ?? Infinity);
  return {
    name: episode.name,
    labels: episode.labels,
    fault: fault?.id ?? null,
    pending_s: seconds(episode.active - from),
    firing_s: since(episode.firing),
    delivered_s: since(episode.delivered),
    resolved_s: episode.resolved === undefined ? null : seconds(episode.resolved - (healed ?? from)),
    exact: episode.exact,
  };
}

/** Returns what the alerts did in a run. Undefined when nothing watched the run, and when no phase was judged. */
export function alertsOfRun(history: History): AlertsOfRun | undefined {
  const span = judgedSpan(history);
  if (span === undefined || !isWatched(history)) return undefined;
  const { faults, events } = history;
  const within = alertEpisodes(events).filter(
    ({ active, resolved = Infinity }) => active < span.ended && resolved > span.started,
  );
  const active = within.map((episode) => told(episode, faults, span));
  const blind = unwatched(events, span).reduce((sum, { started, ended }) => sum + (ended - started), 0);
  const detected = eventsOf(history, 'fault.injecting').map(({ id }) => {
    const rang = active.filter((one) => one.fault === id && one.firing_s !== null);
    const [first] = rang.toSorted((a, b) => (a.firing_s ?? 0) - (b.firing_s ?? 0));
    return { fault: id, first_alert_s: first?.firing_s ?? null, name: first?.name ?? null };
  });
  return { unwatched_s: seconds(blind), active, detected };
}
