import type { ActiveInRun } from '../record/detection.ts';
import type { Change, Mutant } from './mutants.ts';
import type { NeededHistory } from './proofs.ts';
import type { AlertRuleText, Expectation } from './rule.ts';

/** When an alert rang in a run: seconds from the fault; `resolved_s` from its healing. Null: it did not happen. */
interface Ladder {
  readonly pending_s: number | null;
  readonly firing_s: number | null;
  readonly delivered_s: number | null;
  readonly resolved_s: number | null;
}

export interface ProvenRule extends Ladder {
  readonly name: string;
  readonly fault: string;
  readonly proven: boolean;
  /** broken: it was looked at, and did not ring as it should. unproven: nothing can be said. */
  readonly verdict: 'proven' | 'broken' | 'unproven';
  /** Why it is not proven. */
  readonly reason: string | null;
  /** What showed it: a run, or promtool with the windows of production. */
  readonly by: 'run' | 'promtool';
  /** By what its windows were divided. Null: they are those of production. */
  readonly scaled: number | null;
  /** What its windows held before the fault: requests of the run, or a past that was made up. Null: no run looked at it. */
  readonly history: NeededHistory['from'] | null;
  /** Whether promtool has shown it with the windows of production. Null: promtool was not asked. */
  readonly in_full: boolean | null;
  /** The run in which it was looked at. Null when there was none. */
  readonly run: string | null;
}

export interface JudgedMutant {
  readonly rule: string;
  readonly change: Change;
  /** Null: its rule was not proven, so nothing can be said. */
  readonly caught: boolean | null;
  /** What gave it away. Null when nothing did. */
  readonly by: string | null;
}

const NEVER: Ladder = { pending_s: null, firing_s: null, delivered_s: null, resolved_s: null };

/** Returns when an alert rang because of the fault: the first time that was firing, else the first time. */
function ladderOf(name: string, active: readonly ActiveInRun[]): Ladder {
  const own = active.filter((one) => one.name === name);
  const found = own.find(({ firing_s: firing }) => firing !== null) ?? own[0];
  if (found === undefined) return NEVER;
  const { pending_s, firing_s, delivered_s, resolved_s } = found;
  return { pending_s, firing_s, delivered_s, resolved_s };
}

/** Whether an alert was pending or firing before the fault began. */
const isEarly = (name: string, active: readonly ActiveInRun[]): boolean =>
  active.some((one) => one.name === name && one.fault === null && one.firing_s !== null);

/** Delivery may take this long after Prometheus fired, seconds. */
const DELIVERY_S = 15;

/** Returns what is wrong with how an alert rang, for people. Undefined when it rang as expected. */
export function wrongWith(name: string, active: readonly ActiveInRun[], expected: Expectation): string | undefined {
  if (isEarly(name, active)) return 'it was pending or firing before the fault began';
  const { firing_s: firing, delivered_s: delivered, resolved_s: resolved } = ladderOf(name, active);
  const [fires, resolves] = [expected.firesMs / 1_000, expected.resolvesMs / 1_000];
  if (firing === null) return 'it never fired';
  if (firing > fires) return `it fired after ${firing} s, and not within ${fires} s`;
  if (delivered === null) return 'it was not delivered';
  if (delivered > firing + DELIVERY_S) return `it was delivered ${(delivered - firing).toFixed(1)} s after it fired`;
  if (resolved === null) return 'it did not fall silent';
  return resolved > resolves ? `it fell silent after ${resolved} s, and not within ${resolves} s` : undefined;
}

interface Judging {
  readonly rule: AlertRuleText;
  readonly expected: Expectation;
  readonly active: readonly ActiveInRun[];
  readonly run: string;
  /** Why the run says nothing about any rule: the fault did not bite, something was not put back. */
  readonly invalid: string | undefined;
  /** For so long nobody knows what the alerts did, seconds. */
  readonly unwatchedS: number;
  readonly scaled: number | null;
  readonly history: NeededHistory;
  /** What promtool says against the rule with the windows of production. Null: nothing. Undefined: it was not asked. */
  readonly inFull: string | null | undefined;
  /** The name of the rule that was made from, when it is scaled. */
  readonly of: string;
}

export function judgeRule(judging: Judging): ProvenRule {
  const { rule, expected, active, run, unwatchedS, scaled, history, inFull, of } = judging;
  const heard = wrongWith(rule.name, active, expected);
  // What was not seen may have happened while nobody looked.
  const blind =
    heard === undefined || unwatchedS === 0
      ? undefined
      : `${heard}, but nobody knows for ${unwatchedS} s what the alerts did`;
  const invalid = judging.invalid ?? blind;
  const wrong = heard ?? (typeof inFull === 'string' ? `with the windows of production: ${inFull}` : undefined);
  const verdict = invalid !== undefined ? 'unproven' : wrong === undefined ? 'proven' : 'broken';
  return {
    name: of,
    fault: rule.annotations['fault'] ?? '',
    ...ladderOf(rule.name, active),
    proven: verdict === 'proven',
    verdict,
    reason: invalid ?? wrong ?? null,
    by: 'run',
    scaled,
    history: history.from,
    in_full: inFull === undefined ? null : inFull === null,
    run,
  };
}

/** Returns the row of a rule that no run looked at. `reason`: why it is not proven; null when promtool has shown it. */
export const withoutRun = (
  { name, annotations }: Pick<AlertRuleText, 'name' | 'annotations'>,
  reason: string | null,
  by: ProvenRule['by'] = 'run',
): ProvenRule => ({
  name,
  fault: annotations['fault'] ?? '',
  ...NEVER,
  proven: reason === null,
  verdict: reason === null ? 'proven' : by === 'promtool' ? 'broken' : 'unproven',
  reason,
  by,
  scaled: null,
  history: null,
  in_full: by === 'promtool' ? reason === null : null,
  run: null,
});

export function judgeMutant(
  { of, change, rule }: Mutant,
  proven: boolean,
  active: readonly ActiveInRun[],
  expected: Expectation,
): JudgedMutant {
  const by = proven ? (wrongWith(rule.name, active, expected) ?? null) : null;
  return { rule: of, change, caught: proven ? by !== null : null, by };
}
