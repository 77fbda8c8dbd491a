import type { EventOf } from '../../../core/record/events.ts';
import { eventsOf, type History } from '../../../core/record/history.ts';
import type { Level } from '../../../core/scaling/elasticity.ts';
import { supplyOf } from '../../../core/scaling/supply.ts';
import { Buckets, type Chart } from '../charts/chart.ts';
import type { Timeline } from '../charts/timeline.ts';

/** A number from a moment on (epoch milliseconds), until the next. null: from here on it is not known. */
type Step = Omit<Level, 'instances'> & { readonly instances: number | null };

/**
 * Returns the charts of a service that was scaled: its containers, and below them the load and the latency, which are drawn
 * again from the charts of the whole run.
 */
export function scalingCharts(
  history: History,
  service: string,
  timeline: Timeline,
  charts: readonly Chart[],
): readonly Chart[] {
  const again = (id: string, title: string, keeps: readonly string[]): Chart[] =>
    charts
      .filter((chart) => chart.id === id)
      .map((chart) => {
        const series = chart.series.filter(({ label }) => keeps.includes(label));
        return { ...chart, id: `${id} at ${service}`, title, series };
      });
  return [
    containerChart(history, service, timeline),
    ...again('throughput', 'Requests', ['asked', 'achieved']),
    ...again('latency', 'p95 of the latency', ['p95']),
  ];
}

function containerChart(history: History, service: string, timeline: Timeline): Chart {
  const buckets = new Buckets(timeline);
  const looks = eventsOf(history, 'scaling').filter((look) => look.service === service);
  const changes = eventsOf(history, 'scaled').filter(({ group }) => group === service);
  const before = changes[0]?.from ?? looks[0]?.decision.instances;
  const asked: readonly Step[] =
    before === undefined
      ? []
      : [{ t: timeline.origin, instances: before }, ...changes.map(({ t, to }) => ({ t, instances: to }))];
  const wished = looks.map(({ t, decision: { wish } }): Step => ({ t, instances: wish ?? null }));
  const lines = [
    { label: 'wished for', color: 2, dash: [2, 3], values: stepped(wished, buckets, timeline) },
    { label: 'asked for', color: 0, dash: [6, 3], values: stepped(asked, buckets, timeline) },
    { label: 'serving', color: 6, width: 2, values: stepped(supplyOf(history, service), buckets, timeline) },
  ];
  return {
    id: `scaling ${service}`,
    title: `Containers of ${service}`,
    note: 'wished for: by the figures alone; asked for: the last change; serving: by the engine and the log of the edge',
    unit: '',
    kind: 'line',
    limits: mostAllowed(looks),
    x: buckets.x,
    series: lines.filter(({ values }) => values.some((value) => value !== null)),
  };
}

/** The upper limit of the scaler, when the figures wish for as many. Far above all lines it would flatten them. */
function mostAllowed(looks: readonly EventOf<'scaling'>[]): NonNullable<Chart['limits']> {
  const met = looks.find(({ config, decision: { wish = 0 } }) => wish >= config.maxInstances);
  return met === undefined ? [] : [{ value: met.config.maxInstances, label: 'maxInstances' }];
}

/** Returns the number at the end of each bucket; null before the first. */
function stepped(steps: readonly Step[], { x, step }: Buckets, { origin }: Timeline): (number | null)[] {
  let next = 0;
  let now: number | null = null;
  return x.map((second) => {
    const end = origin + (second + step) * 1_000;
    for (let one = steps[next]; one !== undefined && one.t < end; one = steps[next]) {
      now = one.instances;
      next += 1;
    }
    return now;
  });
}
