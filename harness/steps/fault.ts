import type { z } from 'zod';
import { formatDuration } from '../core/duration.ts';
import { ChaosError, describeError } from '../core/errors.ts';
import { defineStep, type Form } from '../core/kinds/step.ts';
import type { BoundFault } from '../core/kinds/fault.ts';
import type { Mismatch, Path } from '../core/plan/mismatch.ts';
import type { TopologySpec } from '../core/topology/spec.ts';
import type { FaultRow } from '../core/plan/outlined.ts';
import type { PlannedFault } from '../core/plan/plan.ts';
import { later } from '../core/plan/moment.ts';
import { faultLacks } from '../kit/lacks.ts';
import { unprovable } from '../kit/provable.ts';
import { continueOnFailure, duration } from '../kit/schema.ts';
import { aimMismatches } from './parts/aims.ts';
import { phaseLength } from './parts/phase-length.ts';

const timing = {
  at: duration.default(0).meta({
    description: 'Delay from its turn: the start of its list, or in a sequence the end of the step before it',
  }),
  for: duration
    .refine((ms) => ms > 0, { error: 'write a duration above 0: 5s' })
    .optional()
    .meta({ description: 'How long the fault is in force; default: until the fault phase ends' }),
  continue_on_failure: continueOnFailure(
    'When the fault cannot be injected, the other steps go on. The run cannot pass then',
  ),
};

/** Injects a fault, and heals it after its time. A fault without `for` ends as a step when it is in force. */
export default defineStep<PlannedFault>({
  name: 'fault',
  key: 'fault',
  forms: ({ faults }) =>
    faults.map(({ name, summary, example, params }): Form => ({
      name,
      summary,
      example,
      // A fault's parameters are a strict object by contract: a test gives each fault a key that it does not know.
      schema: (params as z.ZodObject).safeExtend(timing),
    })),
  read(item) {
    const id = item.id();
    const parsed = item.parsed as Readonly<Record<string, unknown>> | undefined;
    if (parsed === undefined) return undefined;
    const { at, for: lasts, continue_on_failure: goesOn, ...params } = parsed;
    return {
      id,
      fault: item.name,
      params,
      at: at as number,
      for: lasts as number | undefined,
      ...(goesOn === true ? { continueOnFailure: true } : {}),
    };
  },
  times({ at, for: lasts = 0 }, turn) {
    const begins = later(turn, at);
    return { begins, ends: later(begins, lasts) };
  },
  outline(step, { times, faultRow }) {
    const row = faultRow(step, times);
    return { rows: [{ fault: row }], lines: linesOf(row), faults: [row] };
  },
  mismatches(step, { path, topology, repeated, fault }) {
    const bound = fault(step);
    const wrong = topology === undefined || bound === undefined ? [] : misaimed(topology, bound, path);
    return repeated && step.for === undefined ? [...wrong, endless(step, path)] : wrong;
  },
  misfit(step, { begins, ends, path, phase }) {
    const would = begins.latest === begins.earliest ? 'would' : 'may';
    const code = 'CHAOS_FAULT_TOO_LONG';
    if (begins.latest >= phase) {
      const late = formatDuration(begins.latest);
      const message = `the fault ${would} begin ${late} after its phase began, ${phaseLength(phase)}`;
      const what = would === 'may' ? 'a deadline before it' : '"at"';
      return { path: [...path, 'at'], code, message, hint: `Shorten ${what}, or lengthen phases.fault.` };
    }
    if (step.for === undefined || ends.latest <= phase) return undefined;
    const late = formatDuration(ends.latest);
    const message = `the fault ${would} end ${late} after its phase began, ${phaseLength(phase)}`;
    const what = would === 'may' ? '"for" or a deadline before it' : '"at" and "for"';
    return { path: [...path, 'for'], code, message, hint: `Shorten ${what}, or lengthen phases.fault.` };
  },
  async carryOut(step, { from }, run) {
    const { id, at, for: lasts } = step;
    await run.until(from + at);
    const injection = run.begin(step);
    if (injection === undefined) return undefined;
    try {
      await injection.inject();
    } catch (error) {
      const goesOn = step.continueOnFailure === true;
      // Two faults met in one container, and only the run could know it. Nothing is broken, but the run proves nothing.
      const clashed = error instanceof ChaosError && error.code === 'CHAOS_FAULTS_CLASH';
      if ((!goesOn && !clashed) || run.stop.aborted) throw error;
      const code = error instanceof ChaosError ? error.code : 'CHAOS_INTERNAL';
      run.emit({ t: run.clock.now(), kind: 'fault.failed', id, code, message: describeError(error) });
      await injection.heal();
      if (goesOn) return run.clock.now();
      run.end();
      return undefined;
    }
    if (lasts === undefined) return run.clock.now();
    if (!(await run.until(from + at + lasts))) return undefined;
    await injection.heal();
    return run.clock.now();
  },
});

/** Returns the first reason for which the fault cannot be made or proven. Other reasons often follow from the first. */
function misaimed(topology: TopologySpec, fault: BoundFault, path: Path): readonly Mismatch[] {
  const lacking = faultLacks(topology, fault, path);
  if (lacking.length > 0) return lacking;
  const unknown = aimMismatches(topology, fault.aims, path);
  if (unknown.length > 0) return unknown;
  const unfit = fault.mismatches(topology).map(({ key, ...what }): Mismatch => ({ ...what, path: [...path, key] }));
  return unfit.length > 0 ? unfit : unprovable(topology, fault, path);
}

const endless = ({ fault }: PlannedFault, path: Path): Mismatch => ({
  path,
  code: 'CHAOS_MISSING_KEY',
  message: `"${fault}" is repeated and has no "for": it would not end before it begins again`,
  hint: 'Write for: 5s, or another time that the fault is to last.',
});

function linesOf({ name, targets, at_s: at, for_s: lasts, begins_s: begins, undo }: FaultRow): readonly string[] {
  const { earliest, latest } = begins;
  const length = lasts === null ? '' : ` for ${lasts} s`;
  const when =
    earliest === latest
      ? ` after ${earliest} s${length}`
      : `${length}, ${at} s after its turn (${earliest} to ${latest} s after the phase began)`;
  return [`fault        ${name} of ${targets.join(', ')}${when}`, `  undo       ${undo}`];
}
