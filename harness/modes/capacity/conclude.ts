import { join } from 'node:path';
import type { CapacityAsked } from '../../core/capacity/asked.ts';
import {
  type CapacitySignOff,
  type CapacityVerdict,
  capacityExit,
  capacityRow,
  curveOf,
} from '../../core/capacity/document.ts';
import { heldCapacity, type JudgedCondition } from '../../core/capacity/judged.ts';
import type { CapacityState, EndedRun } from '../../core/capacity/state.ts';
import { voidOf } from '../../core/capacity/void.ts';
import { judgeCapacity } from '../../core/certificate/judge.ts';
import type { CapacityOutcome } from '../../core/certificate/make.ts';
import { type CertifiedCapacity, FULL } from '../../core/certificate/statements.ts';
import { iso } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import type { RunDocument } from '../../core/record/run.ts';
import { judgeSteps } from './judge-record.ts';

/** What follows from the record of a measurement: every figure comes from requests and runs on disk. */
export interface Concluded {
  readonly state: CapacityState;
  readonly conditions: readonly JudgedCondition[];
  readonly facts: Pick<CapacityOutcome, 'capacities' | 'notRun' | 'experiments' | 'waivers' | 'productionLike'>;
  /** Moments of requests that counted, epoch milliseconds. Undefined when there was none. */
  readonly measured: { readonly firstRequestAt: number; readonly lastRequestAt: number } | undefined;
  readonly verdict: CapacityVerdict;
  /** Why nothing is certified. */
  readonly reason: string | undefined;
}

/** Judges the record of a run in its folder. Throws a ChaosError when it is missing or damaged. */
type JudgeRun = (dir: string) => RunDocument;

/** Judges the record of a measurement in its folder. Runs no code of the record, and changes nothing. */
export function concludeRecord(dir: string, state: CapacityState, judgeRun: JudgeRun): Concluded {
  const { asked } = state.started;
  const conditions: JudgedCondition[] = [];
  const capacities: CertifiedCapacity[] = [];
  const notRun = new Map(state.notRun.map(({ what, reason }) => [what, reason]));
  let isRestored = true;
  // Nothing is shown about the system without faults. That it carries nothing is a result: its steps say so.
  let isVoid = true;
  const full = (): CertifiedCapacity | undefined => capacities.find(({ condition }) => condition === FULL);
  const take = (condition: string, found: CertifiedCapacity | { readonly reason: string }): void => {
    if ('reason' in found) notRun.set(condition, notRun.get(condition) ?? found.reason);
    else capacities.push(found);
  };
  for (const condition of [FULL, ...asked.cells.map((cell) => cell.condition)]) {
    const run = state.conditions.get(condition);
    const steps = state.steps.get(condition) ?? [];
    if (run === undefined) continue;
    const document = documentOf(dir, run, judgeRun);
    isRestored &&= document?.restored !== false;
    const judged = judgeSteps(dir, asked, condition, steps, full());
    conditions.push(judged);
    const why = document === undefined ? 'the record of its run is missing' : voidOf(document);
    take(condition, why === undefined ? judged.capacity : { reason: why });
    if (condition === FULL) isVoid = why !== undefined || steps.length === 0;
    const held = condition === FULL ? heldCapacity(asked, judged) : undefined;
    if (held !== undefined && asked.held !== undefined)
      take(asked.held.condition, why === undefined ? held : { reason: why });
  }
  const experiments = asked.targets.experiments.flatMap((experiment): Concluded['facts']['experiments'] => {
    const run = state.experiments.get(experiment);
    const document = run === undefined ? undefined : documentOf(dir, run, judgeRun);
    isRestored &&= document?.restored !== false;
    if (run === undefined) return [];
    const verdict = document?.verdict === 'PASS' || document?.verdict === 'FAIL' ? document.verdict : 'INCONCLUSIVE';
    return [{ experiment, verdict, run: run.run }];
  });
  for (const what of [...asked.targets.needs.map(({ condition }) => condition), ...asked.targets.experiments]) {
    const done =
      capacities.some(({ condition }) => condition === what) || experiments.some((one) => one.experiment === what);
    if (!done && !notRun.has(what)) notRun.set(what, 'the measurement was ended before it');
  }
  const facts = {
    capacities,
    notRun: [...notRun].map(([what, reason]) => ({ what, reason })),
    experiments,
    waivers: asked.waivers,
    productionLike: asked.productionLike,
  };
  const why = full() === undefined ? notRun.get(FULL) : undefined;
  return {
    state,
    conditions,
    facts,
    measured: momentsOf(state),
    verdict: verdictOf(asked, state, facts, { isRestored, isVoid }),
    reason: why === undefined ? undefined : `the full capacity is not known: ${why}`,
  };
}

function verdictOf(
  { targets }: CapacityAsked,
  { ended }: CapacityState,
  facts: Concluded['facts'],
  { isRestored, isVoid }: { readonly isRestored: boolean; readonly isVoid: boolean },
): CapacityVerdict {
  if (!isRestored) return 'NOT RESTORED';
  if (!ended) return 'INTERRUPTED';
  // A host that was too busy says nothing about the system, and neither does a search without a step.
  if (isVoid) return 'INCONCLUSIVE';
  return judgeCapacity({ targets, ...facts }).verdict;
}

/** Judges a run of the measurement anew. Undefined when its record is missing or damaged. */
function documentOf(dir: string, { run }: EndedRun, judgeRun: JudgeRun): RunDocument | undefined {
  try {
    return judgeRun(join(dir, run));
  } catch (error) {
    if (error instanceof ChaosError) return undefined;
    throw error;
  }
}

function momentsOf({ steps }: CapacityState): Concluded['measured'] {
  const spans = [...steps.values()].flat().map(({ span }) => span);
  if (spans.length === 0) return undefined;
  return {
    firstRequestAt: Math.min(...spans.map(({ started }) => started)),
    lastRequestAt: Math.max(...spans.map(({ ended }) => ended)),
  };
}

/** What is known beside the record. */
export interface DocumentFacts {
  readonly dir: string;
  readonly strict: boolean;
  readonly certificate: string | null;
  readonly signed: boolean;
  readonly notAfter: string | null;
  readonly machine: Readonly<Record<string, string>>;
  readonly forecast?: CapacitySignOff['forecast'] | undefined;
}

/** Returns what `capacity --json` prints. */
export function signOffDocument(
  { state, conditions, facts, verdict, reason }: Concluded,
  about: DocumentFacts,
): CapacitySignOff {
  const { started } = state;
  const { asked } = started;
  const { signs, margins, conditions: words } = judgeCapacity({ targets: asked.targets, ...facts });
  const { dir, strict, certificate, signed, notAfter, machine, forecast } = about;
  return {
    schema_version: 1,
    verdict,
    exit_code: capacityExit(verdict, strict),
    run: started.run,
    dir,
    title: asked.title,
    file: asked.file,
    started: iso(started.t),
    ended: iso(state.last),
    wanted: { rate_per_s: asked.ratePerS, users: asked.users ?? null },
    targets: asked.targets,
    knees: facts.capacities.flatMap((capacity) => {
      const judged = conditions.find(({ condition }) => condition === capacity.condition);
      // What was held has no search of its own.
      const search = judged ?? conditions[0];
      if (search === undefined) return [];
      const row = capacityRow(search, capacity);
      return [judged === undefined ? { ...row, limits: [], generator_per_s: null } : row];
    }),
    margins,
    conditions: words,
    waivers: asked.waivers,
    not_run: facts.notRun,
    experiments: facts.experiments,
    curve: conditions.flatMap(curveOf),
    signs,
    production_like: asked.productionLike,
    signer: asked.signer ?? null,
    certificate,
    signed,
    registered: started.registered,
    not_after: notAfter,
    machine,
    ...(reason === undefined ? {} : { reason }),
    ...(forecast === undefined ? {} : { forecast }),
  };
}
