import type { Observer } from '../../../harness/core/record/observation.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { faultRecords, type History, phaseWindows } from '../../../harness/core/record/history.ts';
import { type Outcome, OUTCOMES, type Source, SOURCES } from '../../../harness/core/load/load.ts';
import { PHASES, type Phase, type PhaseWindow } from '../../../harness/core/plan/phases.ts';
import type { Plan } from '../../../harness/core/plan/plan.ts';
import { type RequestRow, requestTable, samplesSchema } from '../../../harness/core/load/samples.ts';
import { sampleEnvironment, samplePlan } from './plan.ts';

const SECONDS: Readonly<Record<Phase, number>> = { warmup: 5, baseline: 20, fault: 30, heal: 4, recovery: 20 };
const START = 1_000_000;

/** The plan of every small history: it kills the primary at a load of 100 requests a second. */
export const SMALL_PLAN = samplePlan(SECONDS, 100, 1);
const NAMES = samplesSchema(SMALL_PLAN.load.workload);

/** Returns when a phase of a small history begins and ends, in epoch milliseconds. */
export function spanOf(phase: Phase): PhaseWindow {
  const before = PHASES.slice(0, PHASES.indexOf(phase)).reduce((sum, p) => sum + SECONDS[p] * 1_000, 0);
  return { phase, started: START + before, ended: START + before + SECONDS[phase] * 1_000 };
}

const phaseEvents = (phases: readonly Phase[] = PHASES): RunEvent[] =>
  phases.flatMap((phase): RunEvent[] => {
    const { started, ended } = spanOf(phase);
    return [
      { kind: 'phase.started', t: started, phase },
      { kind: 'phase.ended', t: ended, phase },
    ];
  });

/** Requests spread evenly over a phase, or over a part of it. */
export interface SampleRows {
  readonly phase: Phase;
  readonly count: number;
  readonly endpoint?: string;
  readonly outcome?: Outcome;
  readonly source?: Source;
  /** Milliseconds from planned to done: one value for all requests, or a function of the request's number. */
  readonly ms?: number | ((i: number) => number);
  /** Milliseconds from planned to sent. */
  readonly lag?: number;
  /** Milliseconds after the beginning of the phase. The default is the whole phase. */
  readonly from?: number;
  readonly until?: number;
}

export function sampleRows(...parts: readonly SampleRows[]): RequestRow[] {
  return parts.flatMap(
    ({ phase, count, endpoint = 'GET /api/dashboard', outcome = 'ok', source = 'open', ...rest }) => {
      const { started, ended } = spanOf(phase);
      const { ms = 10, lag = 0, from = 0, until = ended - started } = rest;
      const number = NAMES.endpoints.indexOf(endpoint);
      if (number < 0) throw new TypeError(`the sample has no endpoint ${endpoint}`);
      return Array.from({ length: count }, (_, i): RequestRow => {
        const planned = started + from + ((until - from) * i) / count;
        const never = outcome === 'dropped';
        const done = planned + (typeof ms === 'number' ? ms : ms(i));
        return {
          planned,
          sent: never ? NaN : planned + lag,
          firstByte: outcome === 'ok' ? done : NaN,
          done: never ? NaN : done,
          endpoint: number,
          scenario: 0,
          outcome: OUTCOMES.indexOf(outcome),
          status: outcome === 'ok' ? 200 : 0,
          source: SOURCES.indexOf(source),
        };
      });
    },
  );
}

/** What every sound run records beside its phases and its faults: what the gates ask for. */
export function soundEvents(rows: readonly RequestRow[], phases: readonly Phase[] = PHASES): RunEvent[] {
  const open = rows.filter(({ source }) => source === SOURCES.indexOf('open'));
  const ended = (outcome: Outcome): number => open.filter((row) => row.outcome === OUTCOMES.indexOf(outcome)).length;
  const [ok, dropped] = [ended('ok'), ended('dropped')];
  const failed = open.length - ok - dropped;
  const totals = { planned: open.length, sent: ok + failed, ok, failed, dropped, utilisation: 0.3 };
  const [began = START, over = START] = [phases[0], phases.at(-1)].map((phase, i) =>
    phase === undefined ? START : i === 0 ? spanOf(phase).started : spanOf(phase).ended,
  );
  const hosts = Array.from({ length: Math.floor((over - began) / 1_000) }, (_, second): RunEvent => {
    return { kind: 'host', t: began + second * 1_000 + 500, busy_ms: 800, idle_ms: 1_200, stolen_ms: 0 };
  });
  return [...hosts, { kind: 'load.ended', t: over + 1, totals }];
}

export interface SampleHistory {
  readonly rows?: readonly RequestRow[];
  /** More events, beside `run.started` and the events of the phases. */
  readonly events?: readonly RunEvent[];
  /** The phases that the run reached. */
  readonly phases?: readonly Phase[];
  readonly plan?: Partial<Plan>;
  /** The observers of every fault. */
  readonly observers?: readonly Observer[];
}

/** Makes a history that is just large enough for a check. */
export function sampleHistory(options: SampleHistory = {}): History {
  const { rows = [], phases = PHASES, observers = [] } = options;
  const plan = { ...SMALL_PLAN, ...options.plan };
  const begun: RunEvent = { kind: 'run.started', t: START - 1_000, run: 'small', plan, environment: sampleEnvironment };
  const events = [begun, ...phaseEvents(phases), ...(options.events ?? [])].toSorted((a, b) => a.t - b.t);
  return {
    plan,
    run: 'small',
    events,
    windows: phaseWindows(events),
    faults: faultRecords(events, () => observers),
    requests: requestTable(rows, NAMES),
    seal: 'sealed',
    torn: [],
  };
}
