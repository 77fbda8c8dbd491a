import type { Observer } from '../../../harness/core/record/observation.ts';
import { iso } from '../../../harness/core/clock.ts';
import type { CheckResult } from '../../../harness/core/kinds/check-result.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { faultRecords, type History, phaseWindows } from '../../../harness/core/record/history.ts';
import { PHASES, type Phase } from '../../../harness/core/plan/phases.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import { faultsOf } from '../../../harness/core/plan/steps.ts';
import { seededRandom } from '../../../harness/core/random.ts';
import type { JudgedRun, RunDocument } from '../../../harness/core/record/run.ts';
import { requestTable } from '../../../harness/core/load/samples.ts';
import { judgedSla } from '../../../harness/core/sla/burn.ts';
import { OBJECTIVE } from '../../../harness/core/sla/objective.ts';
import { slaOf } from '../../../harness/core/sla/run-sla.ts';
import { proportionBounds } from '../../../harness/core/stats.ts';
import { trafficWithin } from '../../../harness/core/record/traffic.ts';
import type { CheckVerdict } from '../../../harness/core/verdict.ts';
import { sampleAudit, sampleObservations, sampleResources } from './events.ts';
import { sampleRequests, sampleTicks } from './load.ts';
import { putBack } from './put-back.ts';
import { PLANTED_PASSWORD, sampleEnvironment, samplePlan } from './plan.ts';

export { PLANTED_PASSWORD };

export interface SampleOptions {
  readonly run?: string;
  readonly seed?: number;
  /** Length of each phase in seconds. */
  readonly seconds?: Readonly<Record<Phase, number>>;
  readonly ratePerS?: number;
  /** Seconds during which there is no primary for writes. */
  readonly outageS?: number;
  /** The number of acknowledged payments that are lost. */
  readonly lost?: number;
  readonly document?: Partial<RunDocument>;
}

const SAMPLE_START = Date.UTC(2026, 10, 24, 4, 30);
const SECONDS: Readonly<Record<Phase, number>> = { warmup: 5, baseline: 20, fault: 30, heal: 4, recovery: 20 };
const NAME = '20261124T043000Z-postgres-primary-loss-3f9a';
const A = { id: 'a1', name: 'chaos-postgres-a-1', service: 'postgres-a' };

/** A run in which the Postgres primary is lost, recorded and judged. The same options always give the same run. */
export function sampleRun(options: SampleOptions = {}): JudgedRun {
  const { run = NAME, seed = 42, seconds = SECONDS, ratePerS = 150, outageS = 6, lost = 0 } = options;
  const plan = samplePlan(seconds, ratePerS, seed);
  const random = seededRandom(seed);
  const events: RunEvent[] = [{ kind: 'run.started', t: SAMPLE_START, run, plan, environment: sampleEnvironment }];
  events.push({ kind: 'topology', t: SAMPLE_START + 1_400, step: 'bringing the topology up', ms: 1_400 });
  events.push({ kind: 'note', t: SAMPLE_START + 1_900, message: 'data fingerprint 5d41402abc4b2a76' });
  const began = SAMPLE_START + 2_500;
  const starts = new Map<Phase, number>();
  let t = began;
  for (const phase of PHASES) {
    starts.set(phase, t);
    events.push({ kind: 'phase.started', t, phase });
    t += seconds[phase] * 1_000;
    events.push({ kind: 'phase.ended', t, phase });
  }
  const at = (phase: Phase): number => starts.get(phase) ?? began;
  const bit = at('fault') + 180;
  const undone = at('heal') + 900;
  const outage = { from: bit, until: bit + outageS * 1_000 };
  events.push(...faultEvents(at('fault'), bit, at('heal'), undone), ...roleEvents(began, bit, outage.until, undone));
  const rows = sampleRequests({ workload: plan.load.workload, ratePerS, random, started: began, ended: t, outage });
  const span = { started: began, ended: t, bit, undone, random };
  events.push(...sampleTicks(rows, began, t, isWriteOf(plan)), ...sampleObservations(span), ...sampleResources(span));
  const ok = rows.filter((r) => r.outcome === 0 && r.source === 0).length;
  const planned = rows.filter((r) => r.source === 0).length;
  events.push({
    kind: 'load.ended',
    t: t + 300,
    totals: { planned, sent: planned, ok, failed: planned - ok, dropped: 0, utilisation: 0.31 },
  });
  events.push(...sampleAudit(plan.load.workload, t + 400, lost));
  events.push(...putBack({ before: SAMPLE_START + 2_000, healed: at('recovery') - 1, ended: t + 900 }));
  events.sort((a, b) => a.t - b.t);
  const history = historyOf(plan, run, events, requestTable(rows, names(plan)));
  return judged(history, checksOf(history, outageS, lost), options.document);
}

/** A run that found the topology unhealthy. It offered no load and broke nothing. */
export function notReadyRun(): JudgedRun {
  const plan = samplePlan(SECONDS, 150, 1);
  const message = 'the topology is not healthy: postgres-b is starting';
  const events: RunEvent[] = [
    { kind: 'run.started', t: SAMPLE_START, run: 'not-ready', plan, environment: sampleEnvironment },
    { kind: 'topology', t: SAMPLE_START + 90_000, step: 'bringing the topology up', ms: 90_000 },
    { kind: 'not-ready', t: SAMPLE_START + 90_100, code: 'CHAOS_NOT_HEALTHY', message, hint: 'Run `chaos heal`.' },
  ];
  const history = historyOf(plan, 'not-ready', events, requestTable([], { endpoints: [], scenarios: [] }));
  return judged(history, [], { verdict: 'NOT READY', exit_code: 3, reason: message });
}

/** A run that was interrupted three seconds after its fault phase began. The phase has no end; the fault was undone. */
export function interruptedRun(): JudgedRun {
  const whole = sampleRun({ run: 'interrupted' });
  const fault = whole.history.windows.find((w) => w.phase === 'fault')?.started ?? 0;
  const events = whole.history.events.filter((e) => e.t <= fault + 3_000);
  const end = fault + 3_000;
  events.push({ kind: 'interrupted', t: end, by: 'SIGINT' }, { kind: 'fault.healing', t: end + 1, id: 'kill-1' });
  events.push(
    { kind: 'fault.healed', t: end + 800, id: 'kill-1' },
    { kind: 'residue', t: end + 900, residue: [], healthy: true },
  );
  const history = historyOf(whole.history.plan, 'interrupted', events, whole.history.requests);
  const checks = whole.document.checks.map((c): CheckResult => ({
    ...c,
    verdict: 'INCONCLUSIVE',
    observed: 'the run ended before',
    samples: 0,
  }));
  return judged(history, checks, { verdict: 'INTERRUPTED', exit_code: 130, reason: 'interrupted by SIGINT' });
}

const names = (plan: Plan): { endpoints: string[]; scenarios: string[] } => ({
  endpoints: plan.load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => e.name)),
  scenarios: plan.load.workload.scenarios.map((s) => s.name),
});

/** Returns a function that says whether the endpoint with this number writes. */
const isWriteOf = (plan: Plan): ((endpoint: number) => boolean) => {
  const kinds = plan.load.workload.scenarios.flatMap((s) => s.endpoints.map((e) => e.kind));
  return (endpoint) => kinds[endpoint] === 'write';
};

const CONSUMER: Observer = {
  id: 'haproxy -> chaos-postgres-a-1:5432',
  from: 'haproxy',
  protocol: 'postgres',
  host: 'chaos-postgres-a-1',
  port: 5432,
};

const historyOf = (plan: Plan, run: string, events: RunEvent[], requests: History['requests']): History => ({
  plan,
  run,
  events,
  windows: phaseWindows(events),
  faults: faultRecords(events, () => [CONSUMER]),
  requests,
  seal: 'sealed',
  torn: [],
});

function faultEvents(decided: number, bit: number, healing: number, undone: number): RunEvent[] {
  const step = { do: 'start-container', container: A } as const;
  return [
    {
      kind: 'fault.injecting',
      t: decided + 20,
      id: 'kill-1',
      fault: 'kill',
      params: { service: 'postgres', role: 'primary' },
    },
    { kind: 'undo.recorded', t: decided + 60, id: 'kill-1', step },
    { kind: 'fault.injected', t: bit, id: 'kill-1', targets: [A.name] },
    { kind: 'fault.healing', t: healing, id: 'kill-1' },
    { kind: 'undo.done', t: undone - 10, id: 'kill-1', step, by: 'run' },
    { kind: 'fault.healed', t: undone, id: 'kill-1' },
  ];
}

function roleEvents(began: number, bit: number, promoted: number, undone: number): RunEvent[] {
  const role = { kind: 'role', group: 'postgres' } as const;
  return [
    { ...role, t: began, member: 'postgres-a', role: 'primary', state: 'running', timeline: 1 },
    { ...role, t: began, member: 'postgres-b', role: 'standby', state: 'running', timeline: 1 },
    { ...role, t: bit + 200, member: 'postgres-a', role: 'unknown', state: 'unreachable', timeline: null },
    { ...role, t: promoted - 300, member: 'postgres-b', role: 'primary', state: 'running', timeline: 2 },
    { ...role, t: undone + 1_500, member: 'postgres-a', role: 'standby', state: 'running', timeline: 2 },
  ];
}

function checksOf(history: History, outageS: number, lost: number): CheckResult[] {
  const checks: CheckResult[] = [];
  for (const phase of ['baseline', 'fault', 'recovery'] as const) {
    const window = history.windows.find((w) => w.phase === phase);
    if (window === undefined) continue;
    const { all } = trafficWithin(history, window);
    const reads = phase === 'fault';
    const p95 = all.latencies[reads ? 'successful' : 'judged'].percentile(95) ?? NaN;
    checks.push({
      name: `latency p95${reads ? ' of reads' : ''}`,
      verdict: p95 < 200 ? 'PASS' : 'FAIL',
      expected: 'p95 < 200 ms',
      observed: `${p95.toFixed(0)} ms (95 % bounds ${(p95 * 0.96).toFixed(0)} to ${(p95 * 1.05).toFixed(0)} ms)`,
      samples: all.offered,
      during: [phase],
      line: 12,
    });
    if (phase === 'fault') continue;
    const bound = proportionBounds(all.failed, all.offered).upper;
    const verdict: CheckVerdict = all.failed > 3 ? 'FAIL' : bound < 0.001 ? 'PASS' : 'INCONCLUSIVE';
    checks.push({
      name: 'errors',
      verdict,
      expected: 'below 0.1 %',
      observed: `${all.failed} of ${all.offered} (at most ${(bound * 100).toFixed(3)} %)`,
      samples: all.offered,
      during: [phase],
      line: 13,
    });
  }
  checks.push({
    name: 'failover of postgres',
    verdict: outageS < 15 ? 'PASS' : 'FAIL',
    expected: 'within 15 s',
    observed: `${outageS.toFixed(1)} s`,
    samples: 4,
    during: ['fault'],
    line: 14,
  });
  checks.push({
    name: 'acknowledged writes',
    verdict: lost === 0 ? 'PASS' : 'FAIL',
    expected: '0 lost',
    observed: `${lost} lost of 5 950`,
    samples: 5_950,
    during: ['fault', 'recovery'],
    line: 15,
  });
  return checks;
}

function judged(history: History, checks: readonly CheckResult[], over: Partial<RunDocument> = {}): JudgedRun {
  const ended = (history.events.at(-1)?.t ?? SAMPLE_START) + 100;
  const verdict = checks.some((c) => c.verdict === 'FAIL')
    ? 'FAIL'
    : checks.some((c) => c.verdict === 'INCONCLUSIVE')
      ? 'INCONCLUSIVE'
      : 'PASS';
  const fault = history.faults[0];
  const time = (t: number | undefined): string | null => (t === undefined ? null : iso(t));
  const evidence =
    'stopped in 58 of 58 readings; haproxy -> chaos-postgres-a-1:5432: answered 80 before the fault, EHOSTUNREACH 112 during it';
  const sla = slaOf(history);
  const document: RunDocument = {
    schema_version: 1,
    verdict,
    exit_code: { PASS: 0, FAIL: 1, INCONCLUSIVE: 4 }[verdict],
    restored: true,
    run: history.run,
    dir: `reports/${history.run}`,
    title: history.plan.title,
    experiment: history.plan.name,
    seed: history.plan.seed,
    started: iso(SAMPLE_START),
    ended: iso(ended),
    phases: history.windows.map((w) => ({ name: w.phase, started: iso(w.started), ended: iso(w.ended) })),
    checks,
    faults: faultsOf(history.plan.faults).map((f) => ({
      name: f.fault,
      id: f.id,
      target: fault?.targets.join(', ') ?? '',
      injected: time(fault?.injected),
      healed: time(fault?.healed),
      effective: fault === undefined ? 'inconclusive' : 'effective',
      evidence: fault === undefined ? 'never injected' : evidence,
    })),
    residue: [],
    found: [],
    invalid: [],
    environment: sampleEnvironment,
    overhead_s: 3.4,
    ...(sla === undefined ? {} : { sla: judgedSla(sla, OBJECTIVE) }),
    ...over,
  };
  const last: RunEvent = { kind: 'run.ended', t: ended, verdict: document.verdict, checks, faults: [] };
  return { document, history: { ...history, events: [...history.events, last] } };
}
