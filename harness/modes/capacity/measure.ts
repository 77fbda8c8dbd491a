import type { CapacityAsked } from '../../core/capacity/asked.ts';
import type { NotMeasured } from '../../core/capacity/events.ts';
import { voidOf } from '../../core/capacity/void.ts';
import { type CertifiedCapacity, FULL } from '../../core/certificate/statements.ts';
import { formatDuration } from '../../core/duration.ts';
import { ChaosError, describeError } from '../../core/errors.ts';
import { longestMs, type Plan } from '../../core/plan/plan.ts';
import type { RunDocument } from '../../core/record/run.ts';
import type { Beside } from '../../run/beside.ts';
import type { CapacityRecord } from './capacity-record.ts';
import { type ConditionParts, searchCondition } from './condition.ts';
import { fullCapacity } from './judge-record.ts';
import { LightLoad } from './light-load.ts';

/** What a measurement needs of the world. */
export interface MeasureParts extends ConditionParts {
  /** Carries a plan out from a clean state, with work beside it. Resolves with its document, whatever its verdict. */
  readonly run: (plan: Plan, beside?: { readonly light: LightLoad; readonly beside: Beside }) => Promise<RunDocument>;
  /** Returns the path of a run's folder from the folder of the measurement. */
  readonly folderOf: (document: RunDocument) => string;
  /** True when somebody has ended the measurement. */
  readonly interrupted: () => boolean;
}

/** Every plan of a measurement. */
export interface CapacityPlans {
  readonly full: Plan;
  readonly cells: readonly Plan[];
  readonly experiments: ReadonlyMap<string, Plan>;
}

/** A run may take so long beside its phases, milliseconds: it begins from a clean state, and is compared at its end. */
const AROUND_RUN_MS = 60_000;

/**
 * Measures everything that is left to measure: the full condition, then each cell, then the experiments. Ends early when it is
 * interrupted. What cannot be measured is recorded with its reason. After something that was not put back nothing begins.
 */
export async function measure(
  asked: CapacityAsked,
  plans: CapacityPlans,
  record: CapacityRecord,
  parts: MeasureParts,
): Promise<void> {
  const one = new Measurement(asked, record, parts);
  await one.condition(FULL, plans.full, undefined);
  // Nothing can be compared with a search that says nothing.
  const isVoid = record.state.conditions.get(FULL)?.void !== undefined;
  const full = one.isOver || isVoid ? undefined : fullCapacity(asked, record);
  for (const [i, plan] of plans.cells.entries()) {
    const condition = asked.cells[i]?.condition ?? plan.title;
    if (full === undefined) one.skip(condition, 'not reached', 'the full capacity is not known');
    else await one.condition(condition, plan, full);
  }
  for (const [experiment, plan] of plans.experiments) await one.experiment(experiment, plan);
  if (!one.isInterrupted) record.add({ kind: 'capacity.ended' });
}

class Measurement {
  readonly #asked: CapacityAsked;
  readonly #record: CapacityRecord;
  readonly #parts: MeasureParts;
  /** Why nothing more can be measured. */
  #over: string | undefined;

  constructor(asked: CapacityAsked, record: CapacityRecord, parts: MeasureParts) {
    this.#asked = asked;
    this.#record = record;
    this.#parts = parts;
  }

  get isInterrupted(): boolean {
    return this.#parts.interrupted();
  }

  get isOver(): boolean {
    return this.#over !== undefined || this.isInterrupted;
  }

  skip(what: string, code: NotMeasured, reason: string): void {
    if (this.isInterrupted || this.#isDone(what)) return;
    this.#record.add({ kind: 'not.run', what, code, reason });
    this.#parts.say(`${what}: not measured: ${reason}`);
  }

  async condition(
    condition: string,
    plan: Plan,
    full: Pick<CertifiedCapacity, 'low' | 'high'> | undefined,
  ): Promise<void> {
    if (!this.#mayBegin(condition, plan)) return;
    const record = this.#record;
    const say = (line: string): void => this.#parts.say(`${condition}: ${line}`);
    this.#parts.say(this.#progress(condition, plan));
    record.add({ kind: 'condition.began', condition });
    const light = new LightLoad(this.#parts.clock);
    const work = (signal: AbortSignal): Promise<void> =>
      searchCondition(
        { asked: this.#asked, condition, plan, full, light, record, signal },
        { ...this.#parts, say },
      ).catch((error: unknown) => {
        // The phase is over, or the run was ended: then the run itself says why.
        if (!signal.aborted) throw error;
      });
    const beside: Beside = { phase: condition === FULL ? 'baseline' : 'fault', work };
    const document = await this.#run(condition, plan, { light, beside });
    if (document === undefined) return;
    const { verdict } = document;
    if (verdict === 'INTERRUPTED') return;
    const why = voidOf(document);
    const run = this.#parts.folderOf(document);
    record.add({ kind: 'condition.ended', condition, run, verdict, ...(why === undefined ? {} : { void: why }) });
    if (why !== undefined) say(`proves nothing: ${why}`);
  }

  async experiment(experiment: string, plan: Plan): Promise<void> {
    if (!this.#mayBegin(experiment, plan)) return;
    this.#parts.say(this.#progress(experiment, plan));
    const document = await this.#run(experiment, plan);
    if (document === undefined || document.verdict === 'INTERRUPTED') return;
    const { verdict } = document;
    this.#record.add({ kind: 'experiment.ended', experiment, run: this.#parts.folderOf(document), verdict });
    this.#parts.say(`${experiment}: ${verdict}`);
  }

  /** Resolves with undefined when the run could not begin. */
  async #run(what: string, plan: Plan, beside?: Parameters<MeasureParts['run']>[1]): Promise<RunDocument | undefined> {
    try {
      const document = await this.#parts.run(plan, beside);
      if (document.verdict === 'NOT RESTORED') this.#over = `something could not be put back after "${what}"`;
      return document;
    } catch (error) {
      if (this.isInterrupted) return undefined;
      if (!(error instanceof ChaosError)) throw error;
      this.skip(what, 'not ready', describeError(error));
      // A session that could not finish a run has left the rest to its guardian.
      this.#over = `the session ended with "${what}"`;
      return undefined;
    }
  }

  /** "without app: 2 of 8, 8 min 00 s at most" */
  #progress(what: string, plan: Plan): string {
    const { cells, targets } = this.#asked;
    const all = [FULL, ...cells.map(({ condition }) => condition), ...targets.experiments];
    return `${what}: ${all.indexOf(what) + 1} of ${all.length}, ${formatDuration(longestMs(plan))} at most`;
  }

  #isDone(what: string): boolean {
    const { conditions, experiments } = this.#record.state;
    return conditions.has(what) || experiments.has(what);
  }

  #mayBegin(what: string, plan: Plan): boolean {
    if (this.isInterrupted || this.#isDone(what)) return false;
    if (this.#over !== undefined) {
      this.skip(what, 'not restored', this.#over);
      return false;
    }
    const { mostMs } = this.#asked;
    const needsMs = longestMs(plan) + AROUND_RUN_MS;
    const leftMs = Math.max(0, mostMs - this.#record.workedMs);
    // The search without any fault is what everything else is compared with: it always begins.
    if (what === FULL || needsMs <= leftMs) return true;
    const [needs, left] = [needsMs, leftMs].map((ms) => formatDuration(Math.round(ms / 1_000) * 1_000));
    this.skip(what, 'budget', `it may take ${needs}, and ${left} of ${formatDuration(mostMs)} are left`);
    return false;
  }
}
