import { autoScalingEvents } from '../../core/record/auto-scaling.ts';
import type { JudgedRun } from '../../core/record/run.ts';
import { type Traffic, trafficWithin } from '../../core/record/traffic.ts';
import type { Value } from '../../core/text/csv.ts';

export type Row = Readonly<Record<string, Value>>;

interface Table {
  /** The keys of each row, in the order of the columns. Scripts depend on them: columns are only ever added at the end. */
  readonly columns: readonly string[];
  rows(judged: JudgedRun): readonly Row[];
}

const table = <C extends string>(
  columns: readonly C[],
  rows: (judged: JudgedRun) => readonly Readonly<Record<C, Value>>[],
): Table => ({ columns, rows });

/** The tables that can be exported. Units are in the names; times are ISO 8601 in UTC. */
export const TABLES = {
  /** One row a run. */
  runs: table(
    [
      'run',
      'experiment',
      'title',
      'verdict',
      'exit_code',
      'restored',
      'reason',
      'invalid',
      'seed',
      'started',
      'ended',
      'overhead_s',
      'harness',
      'commit',
      'dir',
    ],
    ({ document: d }) => [
      {
        run: d.run,
        experiment: d.experiment,
        title: d.title,
        verdict: d.verdict,
        exit_code: d.exit_code,
        restored: d.restored,
        reason: d.reason ?? null,
        invalid: d.invalid.map(({ code }) => code).join(' '),
        seed: d.seed,
        started: d.started,
        ended: d.ended,
        overhead_s: d.overhead_s,
        harness: d.environment.harness,
        commit: d.environment.commit,
        dir: d.dir,
      },
    ],
  ),
  /** One row for each result of a check. */
  checks: table(
    ['run', 'experiment', 'name', 'verdict', 'expected', 'observed', 'samples', 'during', 'hypothesis', 'line'],
    ({ document: { run, experiment, checks } }) =>
      checks.map((c) => ({
        run,
        experiment,
        name: c.name,
        verdict: c.verdict,
        expected: c.expected,
        observed: c.observed,
        samples: c.samples,
        during: c.during.join(' '),
        hypothesis: c.hypothesis ?? null,
        line: c.line ?? null,
      })),
  ),
  /** One row for each fault that the plan names. */
  faults: table(
    ['run', 'experiment', 'id', 'name', 'target', 'injected', 'healed', 'effective', 'evidence'],
    ({ document: { run, experiment, faults } }) => faults.map((fault) => ({ run, experiment, ...fault })),
  ),
  /** One row for each phase, and one for each endpoint of a phase. `endpoint` is null in a row of all endpoints. */
  samples: table(
    [
      'run',
      'experiment',
      'phase',
      'endpoint',
      'offered',
      'ok',
      'failed',
      'dropped',
      'p50_ms',
      'p95_ms',
      'p99_ms',
      'max_ms',
    ],
    ({ document: { run, experiment }, history }) =>
      history.windows.flatMap((window) => {
        const { all, endpoints } = trafficWithin(history, window);
        const phase = { run, experiment, phase: window.phase };
        return [
          { ...phase, endpoint: null, ...counts(all) },
          ...[...endpoints].map(([endpoint, of]) => ({ ...phase, endpoint, ...counts(of) })),
        ];
      }),
  ),
  /** One row for each change of the number of instances, as in the specification's table of this name. */
  auto_scaling_events: table(
    [
      'run',
      'experiment',
      'scaling_group',
      'scaling_action',
      'previous_capacity',
      'new_capacity',
      'trigger_metric',
      'trigger_value',
      'threshold_value',
      'timestamp',
    ],
    ({ document: { run, experiment }, history }) =>
      autoScalingEvents(history).map((event) => ({ run, experiment, ...event })),
  ),
} as const satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** Only open arrivals count. A failed request is at least as slow as the timeout. */
function counts({ offered, ok, failed, dropped, latencies: { judged } }: Traffic) {
  return {
    offered,
    ok,
    failed,
    dropped,
    p50_ms: judged.percentile(50) ?? null,
    p95_ms: judged.percentile(95) ?? null,
    p99_ms: judged.percentile(99) ?? null,
    max_ms: judged.max ?? null,
  };
}
