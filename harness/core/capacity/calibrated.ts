import type { Broke, Knee } from './knee.ts';
import type { Objective, StepJudged } from './step.ts';

export type CalibrateStep = StepJudged & { readonly ratePerS: number };

/** How much load a number of replicas carries. */
export interface Calibrated {
  readonly replicas: number;
  readonly knee: Knee;
  /** In their order. */
  readonly steps: readonly CalibrateStep[];
  readonly tookMs: number;
}

/** What was measured, and by what. */
interface CapacityFacts {
  readonly service: string;
  readonly objective: Objective;
  /** The path of the workload file, as it was given. */
  readonly workload: string;
  /** "2026-11-24", in UTC. */
  readonly date: string;
  /** The cores of the machine. */
  readonly cores: number;
}

/** What `autoscale calibrate --json` prints. Keys may be added, and never changed or removed. Rates in requests a second. */
export interface CapacityDocument {
  readonly schema_version: 1;
  readonly service: string;
  readonly slo: { readonly p95_ms: number; readonly errors: number };
  readonly workload: string;
  readonly measured: { readonly date: string; readonly cores: number };
  readonly results: readonly {
    readonly replicas: number;
    readonly carries_per_s: number | null;
    readonly fails_per_s: number | null;
    readonly generator_per_s: number | null;
    readonly broke: Broke | null;
    /** See `Knee`. */
    readonly known: Knee['known'];
    readonly took_s: number;
    readonly steps: readonly { readonly rate_per_s: number; readonly verdict: string; readonly observed: string }[];
  }[];
}

export const capacityDocument = (facts: CapacityFacts, all: readonly Calibrated[]): CapacityDocument => ({
  schema_version: 1,
  service: facts.service,
  slo: { p95_ms: facts.objective.p95Ms, errors: facts.objective.errors },
  workload: facts.workload,
  measured: { date: facts.date, cores: facts.cores },
  results: all.map(({ replicas, knee, steps, tookMs }) => ({
    replicas,
    carries_per_s: knee.carriesPerS ?? null,
    fails_per_s: knee.failsPerS ?? null,
    generator_per_s: knee.generatorPerS ?? null,
    broke: knee.broke ?? null,
    known: knee.known,
    took_s: Math.round(tookMs / 1_000),
    steps: steps.map(({ ratePerS, verdict, observed }) => ({ rate_per_s: ratePerS, verdict, observed })),
  })),
});

/** Says whether the knee of each number of replicas was found, or lies above the highest allowed rate. */
export const isConclusive = ({ results }: CapacityDocument): boolean =>
  results.every(({ known }) => known === 'bracket' || known === 'at least');
