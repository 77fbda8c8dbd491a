import type { Mutant } from './mutants.ts';
import type { AlertRuleText, Expectation } from './rule.ts';

/** What the windows of a rule are to hold when the fault begins, so that the rule behaves as it does on any other day. */
export interface NeededHistory {
  /** The longest window of the rule as it is looked at, milliseconds. */
  readonly ms: number;
  /** own: the requests of the run before its fault. backfilled: a past that is made up, for windows of hours. */
  readonly from: 'own' | 'backfilled';
}

/** A rule and what is looked at to prove it: the rule itself, or its scaled form. */
export interface Subject {
  /** The name of the rule in its file. */
  readonly of: string;
  readonly rule: AlertRuleText;
  readonly expected: Expectation;
  readonly scaled: number | null;
  readonly history: NeededHistory;
  readonly mutants: readonly Mutant[];
}

/** One fault, and every rule that is to ring by it. */
export interface Proof {
  /** An item of an experiment's faults, as YAML. */
  readonly fault: string;
  readonly subjects: readonly Subject[];
}

/** A rule that cannot be proven, and why. */
export interface Unprovable {
  readonly rule: AlertRuleText;
  readonly reason: string;
}

export interface Proofs {
  readonly proofs: readonly Proof[];
  /** Rules that look back for days: promtool alone can show that they ring. */
  readonly byPromtool: readonly AlertRuleText[];
  readonly unprovable: readonly Unprovable[];
}

/** Returns the rules that must be loaded beside those of the files: scaled rules and mutants. */
export const loadedBeside = ({ subjects }: Proof): readonly AlertRuleText[] =>
  subjects.flatMap(({ rule, scaled, mutants }) => [
    ...(scaled === null ? [] : [rule]),
    ...mutants.map((mutant) => mutant.rule),
  ]);

/** Rules look back for half a minute at least, and what rang before must have fallen silent. Milliseconds. */
const LEAST_BASELINE_MS = 35_000;

/** Returns how long the phases of a proof must be, milliseconds. */
export function phasesOf({ subjects }: Proof): {
  readonly baseline: number;
  readonly fault: number;
  readonly recovery: number;
} {
  const longest = (of: (expected: Expectation) => number): number =>
    Math.max(...subjects.map(({ expected }) => of(expected)));
  return {
    baseline: Math.max(LEAST_BASELINE_MS, ...subjects.map(({ history: { ms, from } }) => (from === 'own' ? ms : 0))),
    fault: longest(({ firesMs }) => firesMs) + 10_000,
    recovery: longest(({ resolvesMs }) => resolvesMs) + 10_000,
  };
}

/** Returns how much history must be made up for some proofs, milliseconds. 0: none. */
export const backfilledFor = (proofs: readonly Proof[]): number =>
  Math.max(
    0,
    ...proofs.flatMap(({ subjects }) => subjects.map(({ history: { ms, from } }) => (from === 'backfilled' ? ms : 0))),
  );
