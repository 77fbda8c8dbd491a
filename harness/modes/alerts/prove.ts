import type { JudgedMutant, ProvenRule } from '../../core/alerts/proof.ts';
import { judgeMutant, judgeRule, withoutRun } from '../../core/alerts/proof.ts';
import { backfilledFor, loadedBeside, type Proof, type Proofs } from '../../core/alerts/proofs.ts';
import { formatDuration } from '../../core/duration.ts';
import type { RunDocument } from '../../core/record/run.ts';
import type { Held } from '../../core/topology/hold.ts';
import type { Beside } from './beside.ts';

export interface ProveParts {
  readonly beside: Pick<Beside, 'promtool' | 'rules' | 'route' | 'silence' | 'weddingDay'>;
  /** Makes up a history without an error, so many milliseconds long. */
  readonly history: (ms: number) => Promise<unknown>;
  /** Carries out a run that has the fault. Resolves with undefined when somebody has ended the proof. */
  readonly run: (proof: Proof) => Promise<RunDocument | undefined>;
  readonly say: (line: string) => void;
}

export interface Proven {
  readonly rules: readonly ProvenRule[];
  readonly mutants: readonly JudgedMutant[];
  /** False when a run could not put everything back. */
  readonly restored: boolean;
  readonly complete: boolean;
}

/**
 * Breaks the system once for each fault, and looks whether every rule of that fault rings, is delivered and falls silent,
 * and whether none of their mutants does. The way back of what it changes in the watching is the caller's.
 */
export async function prove(
  { proofs, byPromtool, unprovable }: Proofs,
  { beside, history, run, say }: ProveParts,
): Promise<Proven> {
  const rules: ProvenRule[] = unprovable.map(({ rule, reason }) => withoutRun(rule, reason));
  const mutants: JudgedMutant[] = [];
  let restored = true;
  let complete = true;
  for (const rule of byPromtool) {
    say(`${rule.name} looks back for days: asking promtool`);
    rules.push(withoutRun(rule, (await beside.promtool(rule.name)) ?? null, 'promtool'));
  }
  const backfilledMs = backfilledFor(proofs);
  if (backfilledMs > 0) {
    say(`making up ${formatDuration(backfilledMs)} of history without an error, for windows of hours`);
    await history(backfilledMs);
  }
  if (proofs.length > 0) {
    await beside.weddingDay();
    await beside.route();
    await beside.silence();
  }
  for (const [i, proof] of proofs.entries()) {
    say(`${i + 1} of ${proofs.length}: ${proof.fault} is to ring ${proof.subjects.map(({ of }) => of).join(', ')}`);
    const held: Held | undefined = complete && restored ? await beside.rules(loadedBeside(proof)) : undefined;
    const document: RunDocument | undefined = held === undefined ? undefined : await run(proof);
    await held?.release();
    if (document === undefined) {
      complete = false;
      rules.push(...proof.subjects.map(({ of, rule }) => withoutRun({ ...rule, name: of }, 'it was not looked at')));
      continue;
    }
    restored &&= document.restored;
    const judged = judge(proof, document, await shownInFull(proof, beside));
    rules.push(...judged.rules);
    mutants.push(...judged.mutants);
    for (const { name, proven, reason } of judged.rules) say(`  ${name}: ${proven ? 'proven' : reason}`);
  }
  return { rules, mutants, restored, complete };
}

/** Asks promtool for each rule that is scaled: a rule with other windows is not yet the rule. */
async function shownInFull({ subjects }: Proof, beside: ProveParts['beside']): Promise<InFull> {
  const found = new Map<string, string | null>();
  for (const { of, scaled } of subjects) if (scaled !== null) found.set(of, (await beside.promtool(of)) ?? null);
  return found;
}

/** By the name of a rule: what promtool says against it. Null: nothing. */
type InFull = ReadonlyMap<string, string | null>;

function judge(proof: Proof, document: RunDocument, inFull: InFull): Pick<Proven, 'rules' | 'mutants'> {
  const { run } = document;
  const active = document.alerts?.active ?? [];
  const invalid = whyInvalid(document);
  const judged = proof.subjects.map((subject) => ({
    subject,
    row: judgeRule({
      ...subject,
      active,
      run,
      invalid,
      unwatchedS: document.alerts?.unwatched_s ?? 0,
      inFull: inFull.get(subject.of),
    }),
  }));
  return {
    rules: judged.map(({ row }) => row),
    mutants: judged.flatMap(({ subject, row }) =>
      subject.mutants.map((mutant) => judgeMutant(mutant, row.proven, active, subject.expected)),
    ),
  };
}

/** Returns why a run says nothing about any rule. Undefined when its fault bit and it was watched. */
function whyInvalid({ faults, alerts, verdict, reason }: RunDocument): string | undefined {
  if (alerts === undefined) return `the run (${verdict}) was not watched: ${reason ?? 'it ended early'}`;
  const unbitten = faults.find(({ effective }) => effective !== 'effective');
  if (faults.length === 0) return `the run (${verdict}) had no fault: ${reason ?? 'it ended early'}`;
  return unbitten === undefined ? undefined : `the fault was not shown to bite: ${unbitten.evidence}`;
}
