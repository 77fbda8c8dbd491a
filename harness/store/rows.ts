import { iso } from '../core/clock.ts';
import { autoScalingEvents } from '../core/record/auto-scaling.ts';
import { eventsOf, type History } from '../core/record/history.ts';
import { TEST_TYPES } from '../core/load/load.ts';
import type { PhaseWindow } from '../core/plan/phases.ts';
import type { JudgedRun } from '../core/record/run.ts';
import { openRows, type Traffic, trafficOf, trafficWithin } from '../core/record/traffic.ts';
import { cacheRows } from './cache-rows.ts';
import { bigint, decimal, integer, percent } from './numbers.ts';
import type { SqlRow } from './sql.ts';

export const TABLES = [
  'performance_metrics',
  'system_resources',
  'cache_performance',
  'load_test_results',
  'auto_scaling_events',
] as const;
export type TableName = (typeof TABLES)[number];

export type Rows = Readonly<Record<TableName, readonly SqlRow[]>>;

/** Returns a run as rows of the specification's five tables, without `id` and `run_id`. Times are ISO 8601. */
export function rowsOf({ history }: JudgedRun): Rows {
  return {
    performance_metrics: history.windows
      .filter((w) => w.phase !== 'warmup')
      .flatMap((w) => performanceRows(history, w)),
    system_resources: eventsOf(history, 'resources').map((e) => ({
      server_id: e.server_id.slice(0, 100),
      cpu_usage_percent: decimal(e.cpu_percent, 5, 2),
      memory_usage_percent: decimal(e.memory_percent, 5, 2),
      disk_usage_percent: decimal(e.disk_percent, 5, 2),
      network_io_bytes_per_sec: bigint(e.network_bytes_per_s),
      active_connections: e.connections === null ? null : integer(e.connections),
      timestamp: iso(e.t),
    })),
    cache_performance: cacheRows(eventsOf(history, 'cache')),
    load_test_results: loadTestRows(history),
    auto_scaling_events: autoScalingEvents(history).map((e) => ({
      ...e,
      scaling_group: e.scaling_group.slice(0, 100),
      previous_capacity: integer(e.previous_capacity),
      new_capacity: integer(e.new_capacity),
      trigger_metric: e.trigger_metric.slice(0, 50),
      trigger_value: decimal(e.trigger_value, 10, 2),
      threshold_value: decimal(e.threshold_value, 10, 2),
    })),
  };
}

/**
 * Returns the rows of one phase: three metrics of all endpoints together (`endpoint` is null), then three metrics of
 * each endpoint. Only open arrivals count.
 */
function performanceRows(history: History, window: PhaseWindow): SqlRow[] {
  const { all, endpoints } = trafficWithin(history, window);
  return [
    ...metricRows(history, window, null, all),
    ...[...endpoints].flatMap(([name, of]) => metricRows(history, window, name, of)),
  ];
}

function metricRows(history: History, window: PhaseWindow, endpoint: string | null, of: Traffic): SqlRow[] {
  const seconds = (window.ended - window.started) / 1_000;
  const metrics = [
    {
      type: 'response_time',
      value: of.latencies.judged.percentile(95),
      unit: 'ms',
      samples: of.latencies.judged.count,
      more: { percentile: 95, population: of.latencies.judged.population },
    },
    {
      type: 'throughput',
      value: seconds > 0 ? of.ok / seconds : undefined,
      unit: 'rps',
      samples: of.ok,
      more: { population: 'successful' },
    },
    {
      type: 'error_rate',
      value: percent(of.failed, of.offered),
      unit: 'percent',
      samples: of.offered,
      more: { population: 'offered' },
    },
  ];
  return metrics.flatMap(({ type, value, unit, samples, more }) => {
    const metric_value = decimal(value, 10, 3);
    if (metric_value === null) return [];
    return {
      metric_type: type,
      service_name: history.plan.topology.project.slice(0, 100),
      endpoint: endpoint === null ? null : endpoint.slice(0, 255),
      metric_value,
      unit,
      timestamp: iso(window.ended),
      metadata: { run: history.run, experiment: history.plan.name, phase: window.phase, samples, ...more },
    };
  });
}

/**
 * Returns one row for the run's judged phases. Returns no row when they have no request, because there was no load test
 * then. The response times are judged latencies, as everywhere: the latency of a failed request is at least the
 * timeout.
 */
function loadTestRows(history: History): SqlRow[] {
  const { plan, windows } = history;
  const phases = windows.filter((w) => w.phase !== 'warmup');
  const started = Math.min(...phases.map((w) => w.started));
  const ended = Math.max(...phases.map((w) => w.ended));
  const all = trafficOf(history, openRows(history.requests, { started, ended }));
  if (all.offered === 0) return [];
  const { judged } = all.latencies;
  const seconds = (ended - started) / 1_000;
  return [
    {
      test_name: plan.name.slice(0, 100),
      test_type: plan.load.workload.test?.type ?? TEST_TYPES.find((type) => plan.tags.includes(type)) ?? 'load',
      virtual_users: integer(plan.load.virtualUsers),
      duration_seconds: integer(seconds),
      total_requests: all.offered,
      successful_requests: all.ok,
      failed_requests: all.failed,
      average_response_time_ms: decimal(judged.mean, 8, 3),
      p95_response_time_ms: decimal(judged.percentile(95), 8, 3),
      p99_response_time_ms: decimal(judged.percentile(99), 8, 3),
      throughput_rps: decimal(all.ok / seconds, 10, 2),
      error_rate_percent: decimal(percent(all.failed, all.offered), 5, 2),
      started_at: iso(started),
      completed_at: iso(ended),
    },
  ];
}
