import { z } from 'zod';
import type {
  ActiveAlert,
  Delivery,
  QueryLine,
  QuerySample,
  MonitoringRule,
  ScrapeTarget,
} from '../../core/topology/monitoring.ts';

/** Prometheus writes values as texts: "0.5", "NaN", "+Inf". */
const value = z.string().transform((text) => Number(text.replace('Inf', 'Infinity')));
const point = z.tuple([z.number(), value]);
const labels = z.record(z.string(), z.string());
/** Go writes a time that never was as year 1. */
const time = z.string().transform((text) => Math.max(0, Date.parse(text)));

const status = z.union([
  z.object({ status: z.literal('success'), data: z.unknown() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

/** Returns what is around every answer of the API; undefined when it is no answer of Prometheus. */
export function envelope(text: string): z.output<typeof status> | undefined {
  try {
    return status.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** An answer about an instant: a vector, or one number. */
export const instant = z
  .union([
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point })) }),
    z.object({ resultType: z.literal('scalar'), result: point }),
  ])
  .transform((data): readonly QuerySample[] =>
    data.resultType === 'scalar'
      ? [{ labels: {}, value: data.result[1] }]
      : data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] })),
  );

export const matrix = z
  .object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(point) })),
  })
  .transform(({ result }): readonly QueryLine[] =>
    result.map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([t, value]) => ({ t: Math.round(t * 1_000), value })),
    })),
  );

export const alerts = z
  .object({
    alerts: z.array(z.object({ labels, state: z.enum(['pending', 'firing', 'inactive']), activeAt: time, value })),
  })
  .transform(({ alerts }): readonly ActiveAlert[] =>
    alerts.flatMap(({ labels: { alertname: name = '', ...labels }, state, activeAt: since, value }) =>
      state === 'inactive' ? [] : [{ name, labels, state, since, value }],
    ),
  );

const rule = z.object({
  name: z.string(),
  query: z.string(),
  health: z.string(),
  lastError: z.string().default(''),
  lastEvaluation: time,
  type: z.string(),
  duration: z.number().default(0),
  labels: labels.default({}),
});

/** Seconds become milliseconds. */
export const rules = z
  .object({ groups: z.array(z.object({ interval: z.number(), rules: z.array(rule) })) })
  .transform(({ groups }): readonly MonitoringRule[] =>
    groups.flatMap(({ interval, rules }) =>
      rules.map(({ name, query, health, lastError: problem, lastEvaluation: evaluated, type, duration, labels }) => {
        const base = { name, query, ok: health !== 'err', problem, evaluated, everyMs: interval * 1_000 };
        return type === 'alerting'
          ? { ...base, type: 'alerting' as const, labels, forMs: duration * 1_000 }
          : { ...base, type: 'recording' as const };
      }),
    ),
  );

/** The health of a target is unknown until it was read for the first time. */
export const targets = z
  .object({ activeTargets: z.array(z.object({ scrapeUrl: z.string(), health: z.string() })) })
  .transform(({ activeTargets }): readonly ScrapeTarget[] =>
    activeTargets.map(({ scrapeUrl: url, health }) => ({ url, tried: health !== 'unknown' })),
  );

export const buildInfo = z.object({ version: z.string() }).transform(({ version }) => version);

export const runtimeInfo = z.object({ startTime: time }).transform(({ startTime }) => startTime);

/** What the pager of the topology answers: see topology/pager. */
export const deliveries = z
  .object({
    deliveries: z.array(
      z.object({
        n: z.number(),
        at: time,
        alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels })),
      }),
    ),
  })
  .transform(({ deliveries }): readonly Delivery[] =>
    deliveries.flatMap(({ n, at, alerts }) =>
      alerts.map(({ status, labels: { alertname: name = '', ...labels } }) => ({ n, at, name, labels, status })),
    ),
  );
