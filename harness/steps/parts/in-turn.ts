import type { StepRun, Turn } from '../../core/kinds/step.ts';
import type { PlannedStep } from '../../core/plan/plan.ts';

/**
 * Carries out steps one after another. Step n (from 0) begins no sooner than n times `every` milliseconds after the
 * first. Resolves as `StepRun.take` does.
 */
export async function inTurn(
  steps: readonly PlannedStep[],
  every: number,
  turn: Turn,
  run: StepRun,
): Promise<number | undefined> {
  let { since } = turn;
  let ended: number | undefined = turn.from;
  for (const [i, step] of steps.entries()) {
    const from: number = Math.max(ended, turn.from + i * every);
    if (!(await run.until(from))) return undefined;
    ended = await run.take(step, { from, since });
    if (ended === undefined) return undefined;
    since = from;
  }
  return ended;
}
