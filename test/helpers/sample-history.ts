import type { RunEvent } from '../../harness/core/events.ts';
import { faultRecords, type History, phaseWindows } from '../../harness/core/history.ts';
import { type Outcome, OUTCOMES, type Source, SOURCES } from '../../harness/core/load/load.ts';
import { PHASES, type Phase, type PhaseWindow } from '../../harness/core/phases.ts';
import type { Plan } from '../../harness/core/plan.ts';
import { type RequestRow, requestTable, samplesSchema } from '../../harness/core/load/samples.ts';
import { sampleEnvironment, samplePlan } from './sample-plan.ts';

const SECONDS: Readonly<Record<Phase, number>> = { warmup: 5, baseline: 20, fault: 30, heal: 4, recovery: 20 };
const START = 1_000_000;

/** The plan of every small history: a kill of the primary, 100 requests a second. */
export const SMALL_PLAN = samplePlan(SECONDS, 100, 1);
const NAMES = samplesSchema(SMALL_PLAN.load.workload);

/** When a phase of a small history begins and ends, epoch milliseconds. */
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
  /** From planned to done, milliseconds: of all, or of each by its number. */
  readonly ms?: number | ((i: number) => number);
  /** From planned to sent, milliseconds. */
  readonly lag?: number;
  /** Milliseconds after the phase began; default: the whole phase. */
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

export interface SampleHistory {
  readonly rows?: readonly RequestRow[];
  /** Beside the beginning of the run and its phases. */
  readonly events?: readonly RunEvent[];
  /** Those that the run came to. */
  readonly phases?: readonly Phase[];
  readonly plan?: Partial<Plan>;
  /** Ids of the observers whose answers are evidence. */
  readonly observers?: readonly string[];
}

/** A history as small as a check needs it. */
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
  };
}
