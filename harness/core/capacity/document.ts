import type { Certificate, CertifiedCapacity } from '../certificate/statements.ts';
import { EXIT_CODE } from '../exits.ts';
import type { JudgedCondition } from './judged.ts';
import type { LimitKnee } from './knee.ts';

/** INCONCLUSIVE: the full capacity is not known, so nothing is certified. */
export type CapacityVerdict = Certificate['verdict'] | 'INCONCLUSIVE' | 'NOT RESTORED' | 'INTERRUPTED';

/** A condition under which something was measured. Rates in requests a second. */
export interface CapacityRow {
  readonly condition: string;
  /** What breaks first. Null: nothing did. "generator": it was the load generator, so the system carries more. */
  readonly limit: CertifiedCapacity['limit'];
  readonly rate_per_s: number;
  readonly low: number;
  readonly high: number | null;
  /** The interval holds the knee with this probability. */
  readonly confidence: number;
  /** The knees of the limits that were exceeded, the lowest first: that limit breaks first. */
  readonly limits: readonly Pick<LimitKnee, 'limit' | 'low' | 'high'>[];
  /** The rate at which the generator failed. Null: it did not. */
  readonly generator_per_s: number | null;
}

/** What one step has shown. */
export interface CurvePoint {
  readonly condition: string;
  /** Requests a second, offered; good answers; and good answers in time. */
  readonly offered_per_s: number;
  readonly ok_per_s: number;
  readonly goodput_per_s: number;
  readonly verdict: string;
  readonly observed: string;
  readonly for: 'search' | 'hold' | 'curve';
}

/** What `capacity --json` prints and capacity.json holds. Keys may be added, and never changed or removed. */
export interface CapacitySignOff {
  readonly schema_version: 1;
  readonly verdict: CapacityVerdict;
  readonly exit_code: number;
  readonly run: string;
  readonly dir: string;
  readonly title: string;
  readonly file: string;
  readonly started: string;
  readonly ended: string;
  /** The wanted load, and the users that it was asked for as. */
  readonly wanted: { readonly rate_per_s: number; readonly users: number | null };
  readonly targets: Certificate['targets'];
  readonly knees: readonly CapacityRow[];
  readonly margins: Certificate['margins'];
  readonly conditions: readonly string[];
  readonly waivers: Certificate['waivers'];
  readonly not_run: Certificate['notRun'];
  readonly experiments: Certificate['experiments'];
  readonly curve: readonly CurvePoint[];
  /** Whether requests a second are signed, or only how they compare. */
  readonly signs: Certificate['signs'];
  readonly production_like: Certificate['productionLike'];
  readonly signer: string | null;
  /** The file with the statements, from the folder. Null: nothing is certified. */
  readonly certificate: string | null;
  /** False: there was no key, and anybody can change it. */
  readonly signed: boolean;
  /** The SHA-256 of the registration, which was written before the first request. */
  readonly registered: string;
  readonly not_after: string | null;
  /** On what it was measured, in words. */
  readonly machine: Readonly<Record<string, string>>;
  /** Why nothing is certified, or nobody knows when the margin ends. */
  readonly reason?: string;
  readonly forecast?: { readonly first: string; readonly last: string | null } | { readonly refused: string };
}

export function capacityExit(verdict: CapacityVerdict, strict: boolean): number {
  switch (verdict) {
    case 'GO':
      return EXIT_CODE.pass;
    case 'GO WITH CONDITIONS':
      return strict ? EXIT_CODE.fail : EXIT_CODE.pass;
    case 'NO-GO':
      return EXIT_CODE.fail;
    case 'INCONCLUSIVE':
      return EXIT_CODE.inconclusive;
    case 'NOT RESTORED':
      return EXIT_CODE['not-restored'];
    case 'INTERRUPTED':
      return EXIT_CODE.interrupted;
  }
}

/** Returns a condition for people and programs, when something was measured under it. */
export function capacityRow({ knee }: JudgedCondition, capacity: CertifiedCapacity): CapacityRow {
  const { condition, limit, ratePerS, low, high, confidence } = capacity;
  const digits = (rate: number): number => Number(rate.toPrecision(4));
  return {
    condition,
    limit,
    rate_per_s: ratePerS,
    low,
    high,
    confidence,
    limits: (knee.limits ?? []).map((one) => ({ limit: one.limit, low: digits(one.low), high: digits(one.high) })),
    generator_per_s: knee.generatorPerS ?? null,
  };
}

/** Returns the steps of a condition as points of a curve. The light load beside a step is no part of its figures. */
export const curveOf = ({ condition, steps }: JudgedCondition): readonly CurvePoint[] =>
  steps.map(({ purpose, judged, seconds, offered, ok, inTime }) => {
    const each = (count: number): number => (seconds <= 0 ? 0 : Number((count / seconds).toPrecision(4)));
    return {
      condition,
      offered_per_s: each(offered),
      ok_per_s: each(ok),
      goodput_per_s: each(inTime),
      verdict: judged.verdict,
      observed: judged.observed,
      for: purpose,
    };
  });
