import { z } from 'zod';
import { formatDuration } from '../../core/duration.ts';
import type { Condition } from '../../core/kinds/condition.ts';
import type { Series } from '../../core/kinds/series.ts';
import { defineStep, type StepDefinition, type StepKind } from '../../core/kinds/step.ts';
import type { StepEnd } from '../../core/record/events.ts';
import { later } from '../../core/plan/moment.ts';
import { lacks } from '../../kit/lacks.ts';
import { continueOnFailure, duration } from '../../kit/schema.ts';
import { phaseLength } from './phase-length.ts';
import { conditions } from './conditions.ts';
import { seriesCondition } from './series-condition.ts';

export interface PlannedWait {
  /** "wait-1": made like the id of a fault. */
  readonly id: string;
  /** One key, the name of the condition, with its parameters. */
  readonly wait: Readonly<Record<string, unknown>>;
  /** The deadline, milliseconds after the turn of the wait has come. */
  readonly within: number;
  /** The next steps are taken even when the deadline has passed. Without this, the run proves nothing then. */
  readonly continueOnFailure?: true;
}

const shapeOf = (conditions: readonly Condition[]) =>
  z
    .strictObject({
      ...Object.fromEntries(
        conditions.map(({ name, summary, example, params }) => [
          name,
          params.optional().meta({ description: summary, examples: [example] }),
        ]),
      ),
      within: duration
        .refine((ms) => ms > 0, { error: 'write a duration above 0: 20s' })
        .default(30_000)
        .meta({ description: 'Deadline, from the start of the wait' }),
      continue_on_failure: continueOnFailure('When the deadline passes, the next step begins all the same'),
    })
    .superRefine((value, ctx) => {
      const names = conditions.map(({ name }) => name);
      const given = names.filter((name) => (value as Record<string, unknown>)[name] !== undefined);
      if (given.length === 1) return;
      const message =
        given.length === 0
          ? `a wait needs one of ${names.join(', ')}`
          : `write one condition in a wait: this wait has ${given.join(' and ')}`;
      ctx.addIssue({ code: 'custom', message });
    });

/** Returns the step that waits for the given conditions. */
export function waitFor(conditions: readonly Condition[]): StepDefinition<PlannedWait> & StepKind {
  const shape = shapeOf(conditions);

  /** Returns the condition of a wait, and its parameters. */
  function conditionOf({ wait }: Pick<PlannedWait, 'wait'>): readonly [condition: Condition, params: unknown] {
    const condition = conditions.find(({ name }) => wait[name] !== undefined);
    if (condition === undefined) throw new RangeError(`this version knows no condition like ${JSON.stringify(wait)}`);
    return [condition, wait[condition.name]];
  }

  /** Returns the condition in words: "GET /health answers 200". */
  function describeWait(wait: Pick<PlannedWait, 'wait'>): string {
    const [condition, params] = conditionOf(wait);
    return condition.describe(params);
  }

  return defineStep<PlannedWait>({
    name: 'wait',
    key: 'wait',
    forms: () => [
      {
        name: 'wait',
        summary:
          'Waits until a condition holds. When its deadline passes, the fault phase ends and the run is INCONCLUSIVE.',
        example: { role: { service: 'postgres', becomes: 'primary' }, within: '20s' },
        schema: shape,
      },
    ],
    read(item) {
      const id = item.id();
      const parsed = item.parsed as Readonly<Record<string, unknown>> | undefined;
      if (parsed === undefined) return undefined;
      const { within, continue_on_failure: goesOn, ...wait } = parsed;
      return { id, wait, within: within as number, ...(goesOn === true ? { continueOnFailure: true } : {}) };
    },
    times: ({ within }, turn) => ({ begins: turn, ends: later(turn, 0, within) }),
    outline(step) {
      const [until, within_s, goesOn] = [describeWait(step), step.within / 1_000, step.continueOnFailure === true];
      const row = { wait: { until, within_s, continue_on_failure: goesOn } };
      const otherwise = goesOn ? 'then go on' : 'else INCONCLUSIVE';
      return { rows: [row], lines: [`wait         until ${until}, ${within_s} s at most, ${otherwise}`], faults: [] };
    },
    mismatches(step, surroundings) {
      const [condition, params] = conditionOf(step);
      const path = [...surroundings.path, condition.name];
      const lacking = lacks(surroundings.topology, condition, path);
      return lacking.length > 0 ? lacking : (condition.mismatches?.(params, { ...surroundings, path }) ?? []);
    },
    measures(step, spec) {
      const [condition, params] = conditionOf(step);
      return condition.measures?.(params, spec) ?? {};
    },
    misfit({ within }, { ends, path, phase }) {
      if (ends.latest <= phase) return undefined;
      const message = `the wait may last until ${formatDuration(ends.latest)} after its phase began, ${phaseLength(phase)}`;
      const hint = `Shorten "within" (now ${formatDuration(within)}), or lengthen phases.fault.`;
      return { path: [...path, 'within'], code: 'CHAOS_FAULT_TOO_LONG', message, hint };
    },
    async carryOut(step, turn, run) {
      const { clock, topology, emit, going, stop, changes, onEvent } = run;
      const { id, within, continueOnFailure: optional = false } = step;
      const [condition, params] = conditionOf(step);
      const until = condition.describe(params);
      const text = `waiting until ${until}, ${formatDuration(within)} at most`;
      emit({ t: clock.now(), kind: 'step.began', id, step: 'wait', text });
      const settled = new AbortController();
      const signal = AbortSignal.any([going, settled.signal]);
      let seen = 'nothing';
      let outcome: StepEnd['outcome'] = 'cut short';
      let held: number | undefined;
      try {
        const saw = (now: string): void => void (seen = now);
        const looking = { clock, topology, since: turn.since, signal, saw, changes, onEvent };
        held = await Promise.race([
          condition.comeAbout(params, looking),
          clock.sleep(turn.from + within - clock.now(), signal).then(() => undefined),
        ]);
        outcome = held === undefined ? 'late' : 'done';
      } catch {
        stop.throwIfAborted();
      } finally {
        settled.abort(new Error(`${id} has ended`));
      }
      emit({ t: clock.now(), kind: 'step.ended', id, step: 'wait', outcome, optional, text: told() });
      if (held !== undefined) return Math.max(held, turn.from);
      if (optional && outcome === 'late') return clock.now();
      run.end();
      return undefined;

      function told(): string {
        if (outcome === 'done') return `the condition holds (${seen})`;
        const limit = outcome === 'late' ? `within ${formatDuration(within)}` : 'before the fault phase ended';
        return `waited until ${until}, which was not seen ${limit} (last seen: ${seen})`;
      }
    },
  });
}

/** Returns the step that waits, with a condition about the given series. */
export const waitWith = (all: readonly Series[]): StepKind =>
  waitFor(conditions.map((condition) => (condition.name === 'series' ? seriesCondition(all) : condition)));
