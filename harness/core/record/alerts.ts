import type { Span } from '../plan/phases.ts';
import type { MetricLabels } from '../topology/monitoring.ts';
import type { AlertKept, AlertSeen } from './alert-events.ts';
import type { RunEvent } from './events.ts';

/** One time in which an alert was active: from pending, or at once firing, to resolved. Epoch milliseconds. */
export interface AlertEpisode {
  readonly name: string;
  readonly labels: MetricLabels;
  /** When it became active. An alert without `for` is never pending: it fires at once. */
  readonly active: number;
  readonly firing: number | undefined;
  readonly resolved: number | undefined;
  readonly delivered: number | undefined;
  /** When the pager heard that it was resolved. */
  readonly told: number | undefined;
  /** False: the times are as exact as the looks of the harness, about a second. */
  readonly exact: boolean;
}

const keyOf = ({ name, labels }: { readonly name: string; readonly labels: MetricLabels }): string =>
  JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

/** Whether an alert has these labels, and the name if one is given. */
export const isMeantBy = (
  { name, labels = {} }: { readonly name?: string | undefined; readonly labels?: MetricLabels | undefined },
  alert: { readonly name: string; readonly labels: MetricLabels },
): boolean =>
  (name === undefined || alert.name === name) &&
  Object.entries(labels).every(([key, value]) => alert.labels[key] === value);

type Active = Pick<AlertEpisode, 'active' | 'firing' | 'resolved'>;

/** Returns the times in which an alert was active from the states that were seen live. */
function fromLooks(seen: readonly AlertSeen[]): Active[] {
  const found: Active[] = [];
  let open: Active | undefined;
  for (const { state, at } of seen) {
    if (state === 'inactive') {
      if (open !== undefined) found.push({ ...open, resolved: at });
      open = undefined;
    } else if (state === 'pending') {
      if (open?.firing !== undefined) found.push({ ...open, resolved: at });
      open =
        open?.firing === undefined && open !== undefined
          ? open
          : { active: at, firing: undefined, resolved: undefined };
    } else open = { active: open?.active ?? at, firing: open?.firing ?? at, resolved: undefined };
  }
  return open === undefined ? found : [...found, open];
}

/** Returns the times in which an alert was active from what Prometheus kept. */
function fromKept({ spans }: AlertKept): Active[] {
  const found: Active[] = [];
  for (const { state, from, to } of spans) {
    const last = found.at(-1);
    const resolved = to ?? undefined;
    const goesOn = last !== undefined && last.resolved === from && last.firing === undefined && state === 'firing';
    if (goesOn) found[found.length - 1] = { ...last, firing: from, resolved };
    else found.push({ active: from, firing: state === 'firing' ? from : undefined, resolved });
  }
  return found;
}

/**
 * Returns every time in which an alert was active, by its beginning. Kept times are taken where Prometheus gave them, else
 * the states that were seen live.
 */
export function alertEpisodes(events: readonly RunEvent[]): readonly AlertEpisode[] {
  const kept = new Map(events.flatMap((e) => (e.kind === 'alert.kept' ? [[keyOf(e), e] as const] : [])));
  const seen = Map.groupBy(
    events.filter((e) => e.kind === 'alert.state'),
    keyOf,
  );
  const delivered = Map.groupBy(
    events.filter((e) => e.kind === 'alert.delivered'),
    keyOf,
  );
  const keys = new Set([...kept.keys(), ...seen.keys()]);
  return [...keys]
    .flatMap((key) => {
      const [exact, live = []] = [kept.get(key), seen.get(key)];
      const first = exact ?? live[0];
      if (first === undefined) return [];
      const { name, labels } = first;
      const active = exact === undefined ? fromLooks(live) : fromKept(exact);
      const notified = delivered.get(key) ?? [];
      return active.map((one, i): AlertEpisode => {
        // A notification of this time comes before the next time begins.
        const until = active[i + 1]?.active ?? Infinity;
        const at = (status: 'firing' | 'resolved', from: number | undefined): number | undefined =>
          from === undefined
            ? undefined
            : notified.find((e) => e.status === status && e.at >= from && e.at < until)?.at;
        // The pager's clock and Prometheus' may differ by a little.
        const rang = at('firing', one.firing === undefined ? undefined : one.firing - 1_000);
        return {
          name,
          labels,
          ...one,
          delivered: rang,
          told: at('resolved', one.resolved),
          exact: exact !== undefined,
        };
      });
    })
    .toSorted((a, b) => a.active - b.active);
}

/** Returns what is missing of the events that tell what alerts did. Undefined when all are there. */
export function untold(events: readonly RunEvent[]): string | undefined {
  const ended = events.findLast((event) => event.kind === 'alert.watched');
  if (ended?.kind !== 'alert.watched') return 'the record does not say how the watch on the alerts ended';
  const there = events.filter(({ kind }) => TOLD.has(kind)).length;
  return there === ended.told ? undefined : `${there} of ${ended.told} events about alerts are in the record`;
}

const TOLD: ReadonlySet<RunEvent['kind']> = new Set(['alert.state', 'alert.delivered', 'alert.kept']);

/** A stretch of time in which nobody knows what the alerts did, and why. */
interface Unwatched extends Span {
  readonly problem: string;
}

/** Shorter times without an answer show nothing: what Prometheus kept covers them. Milliseconds. */
const BLINK_MS = 5_000;

/**
 * Returns when Prometheus did not watch, between two times. All of it when the watch was never begun or never ended in the
 * record. Times below five seconds are left out.
 */
export function unwatched(events: readonly RunEvent[], { started, ended }: Span): readonly Unwatched[] {
  const found: Unwatched[] = [];
  if (!events.some(({ kind }) => kind === 'alert.watched'))
    return [{ started, ended, problem: 'the record does not say how the watch on the alerts ended' }];
  let since: number | undefined = started;
  let problem = 'Prometheus was not asked yet';
  const close = (until: number): void => {
    const [from, to] = [Math.max(since ?? until, started), Math.min(until, ended)];
    if (to - from >= BLINK_MS) found.push({ started: from, ended: to, problem });
    since = undefined;
  };
  for (const event of events) {
    if (event.kind === 'alert.watched' && since === undefined) {
      since = event.t;
      problem = 'the watch on the alerts had ended';
    }
    if (event.kind !== 'alert.watch') continue;
    if (event.watching) close(event.t);
    else {
      since ??= event.t;
      problem = event.problem ?? 'Prometheus did not answer';
    }
  }
  close(ended);
  return found;
}
