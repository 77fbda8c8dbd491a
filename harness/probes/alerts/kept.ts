import type { AlertKept } from '../../core/record/alert-events.ts';
import type { QueryLine } from '../../core/topology/monitoring.ts';

/** After more than this many intervals without an evaluation the alert was not active in between. */
const INTERVALS = 2.5;

interface Moment {
  readonly t: number;
  readonly state: 'pending' | 'firing';
}

/** Returns the stretches in which the evaluations had one state. `ended`: when the samples were read. */
function spansOf(moments: readonly Moment[], everyMs: number, ended: number): AlertKept['spans'] {
  const spans: AlertKept['spans'][number][] = [];
  moments.forEach(({ t, state }, i) => {
    const before = moments[i - 1];
    const goesOn = before !== undefined && t - before.t <= INTERVALS * everyMs;
    const last = spans.at(-1);
    if (goesOn && last?.state === state) return;
    if (before !== undefined && last !== undefined)
      spans[spans.length - 1] = { ...last, to: goesOn ? t : before.t + everyMs };
    spans.push({ state, from: t, to: null });
  });
  const [last, newest] = [spans.at(-1), moments.at(-1)];
  if (last !== undefined && newest !== undefined && ended - newest.t > INTERVALS * everyMs)
    spans[spans.length - 1] = { ...last, to: newest.t + everyMs };
  return spans;
}

/**
 * Returns what Prometheus kept about each alert, from the samples of its series ALERTS: one sample for each evaluation in
 * which the alert was active. `everyMs` returns the interval of the evaluations of an alert. Times by the clock of
 * Prometheus.
 */
export function keptAlerts(
  lines: readonly QueryLine[],
  everyMs: (name: string) => number,
  ended: number,
): readonly AlertKept[] {
  const byAlert = Map.groupBy(lines, ({ labels: { alertstate: _state, ...labels } }) =>
    JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  );
  return [...byAlert.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { __name__: _metric, alertname: name = '', alertstate: _state, ...labels } = first.labels;
    const moments = some.flatMap(({ labels: { alertstate }, points }): Moment[] =>
      alertstate === 'pending' || alertstate === 'firing' ? points.map(({ t }) => ({ t, state: alertstate })) : [],
    );
    const spans = spansOf(
      moments.toSorted((a, b) => a.t - b.t),
      everyMs(name),
      ended,
    );
    return [{ name, labels, spans }];
  });
}
