import { ChaosError, describeError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Arm, ArmKind } from '../../core/runbook/arm.ts';
import { type Decision, decide, MOST_ARMS } from '../../core/runbook/decide.ts';
import type { RunbookDocument } from '../../core/runbook/document.ts';
import { gainOf } from '../../core/runbook/gain.ts';
import type { Runbook } from '../../core/runbook/runbook.ts';

/** Arms that prove nothing, after which nobody goes on: the failure does not bite, or the host is too busy. */
const MOST_VOID = 3;

/** What a validation needs of the world. */
export interface ValidateParts {
  /** Carries out one arm. Rejects with the exit "not-restored" when it could not be put back: no other can follow. */
  readonly run: (arm: ArmKind) => Promise<Arm>;
  /** True when somebody has ended the validation. */
  readonly interrupted: () => boolean;
  /** True when no more pairs may be begun. Absent: there is time for all of them. */
  readonly timeIsOver?: () => boolean;
  readonly random: Random;
  readonly say: (line: string) => void;
}

export interface Validated {
  readonly arms: readonly Arm[];
  readonly decision: Omit<Decision, 'verdict'> & Pick<RunbookDocument, 'verdict'>;
}

/**
 * Carries out arms until they show whether the runbook helps: three to five of each kind, in pairs, each pair in an order
 * of its own. So what changes with time, a warm cache or a busy host, meets both kinds alike.
 */
export async function validateRunbook(
  runbook: Pick<Runbook, 'heals' | 'withinMs' | 'commands'>,
  { run, interrupted, timeIsOver = () => false, random, say }: ValidateParts,
): Promise<Validated> {
  const arms: Arm[] = [];
  const ended = (verdict: Validated['decision']['verdict'], why: string): Validated => ({
    arms,
    decision: { verdict, why, gain: gainOf(arms) },
  });
  for (let pair = 1; pair <= MOST_ARMS + MOST_VOID; pair += 1) {
    if (pair > 1 && timeIsOver()) return ended('INCONCLUSIVE', 'the time was over before the arms decided');
    const kinds: readonly ArmKind[] = random() < 0.5 ? ['control', 'treatment'] : ['treatment', 'control'];
    for (const kind of kinds) {
      say(`${kind}, ${arms.filter(({ arm }) => arm === kind).length + 1}. time`);
      const arm = await run(kind).catch((error: unknown) => {
        if (error instanceof ChaosError && error.exit === 'not-restored') return error;
        throw error;
      });
      if (arm instanceof ChaosError) return ended('NOT RESTORED', describeError(arm));
      arms.push(arm);
      say(`${kind}: ${toldOf(arm)}`);
      const decision = decide(runbook, arms);
      if (decision !== undefined) return { arms, decision };
      if (interrupted()) return ended('INTERRUPTED', 'it was ended early');
      const voids = arms.flatMap(({ void: why }) => (why === undefined ? [] : [why]));
      if (voids.length >= MOST_VOID)
        return ended('INCONCLUSIVE', `${voids.length} arms prove nothing: ${voids.at(-1)}`);
    }
  }
  return ended('INCONCLUSIVE', 'the arms do not agree');
}

function toldOf({ recovery, watchedMs, void: why }: Arm): string {
  if (why !== undefined) return `proves nothing: ${why}`;
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return recovery.outcome === 'recovered'
    ? `healthy ${s(recovery.ms)} after the failure`
    : `still broken after ${s(watchedMs)}`;
}
