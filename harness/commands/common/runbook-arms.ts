import { ChaosError } from '../../core/errors.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { type Arm, type ArmKind, armOf } from '../../core/runbook/arm.ts';
import { WATCHED_MS } from '../../core/runbook/recovery.ts';
import type { World } from '../../core/world.ts';
import { judgeFolder } from '../../judge/folder.ts';
import { compose } from '../../main.ts';
import { type ArmLengths, armText, readExperiment, type ReadRunbook } from '../../plan/index.ts';
import type { Session } from '../../session/session.ts';
import { badFile } from './bad-file.ts';

/** Lengths of the phases of an arm. The first arm of a session warms the system up, the others find it warm. */
const FIRST_MS: ArmLengths = { warmup: 10_000, baseline: 7_000, recovery: 1_000, watched: WATCHED_MS };
export const NEXT_MS: ArmLengths = { ...FIRST_MS, warmup: 1_000 };

/** Returns the plan of one arm. Throws BadExperiment when the runbook does not fit its topology. */
export function armPlan(
  runbook: ReadRunbook,
  arm: ArmKind,
  known: Known,
  world: Pick<World, 'env' | 'cwd'>,
  lengths = FIRST_MS,
): Plan {
  const text = armText(runbook, arm, lengths);
  const { plan, problems } = readExperiment({ ...known, ...text, overrides: [], env: world.env, compose });
  if (problems.length > 0) throw badFile(problems, world);
  if (plan === undefined) throw new TypeError('an experiment without problems has a plan');
  return plan;
}

/** Returns what carries the arms of a runbook out in a session, one after another. */
export function armsIn(
  session: Session,
  runbook: ReadRunbook,
  known: Known,
  world: Pick<World, 'env' | 'cwd'>,
  { first, next } = { first: FIRST_MS, next: NEXT_MS },
): (arm: ArmKind) => Promise<Arm> {
  let runs = 0;
  return async (arm) => {
    const plan = armPlan(runbook, arm, known, world, runs === 0 ? first : next);
    runs += 1;
    const { dir, verdict, reason, run } = await session.run(plan);
    if (verdict === 'NOT RESTORED')
      throw new ChaosError('CHAOS_RESIDUE', {
        what: `${run} could not be put back: ${reason ?? 'see its report'}`,
        hint: 'chaos heal',
        exit: 'not-restored',
      });
    return armOf(arm, judgeFolder(dir, known), runbook.healthy, known.series);
  };
}
