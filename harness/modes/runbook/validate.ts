import type { Random } from '../../core/random.ts';
import type { Arm, ArmKind } from '../../core/runbook/arm.ts';
import { type Decision, decide, MOST_ARMS } from '../../core/runbook/decide.ts';
import { gainOf } from '../../core/runbook/gain.ts';
import type { Runbook } from '../../core/runbook/runbook.ts';

/** Arms that prove nothing, after which nobody goes on: the failure does not bite, or the host is too busy. */
const MOST_VOID = 3;

/** What a validation needs of the world. */
export interface ValidateParts {
  /** Carries out one arm. Rejects when no other can follow. */
  readonly run: (arm: ArmKind) => Promise<Arm>;
  /** True when somebody has ended the validation. */
  readonly interrupted: () => boolean;
  readonly random: Random;
  readonly say: (line: string) => void;
}

export interface Validated {
  readonly arms: readonly Arm[];
  /** Undefined when it was interrupted before. */
  readonly decision: Decision | undefined;
}

/**
 * Carries out arms until they show whether the runbook helps: three to five of each kind, in pairs, each pair in an order
 * of its own. So what changes with time, a warm cache or a busy host, meets both kinds alike.
 */
export async function validateRunbook(
  runbook: Pick<Runbook, 'heals' | 'withinMs' | 'commands'>,
  { run, interrupted, random, say }: ValidateParts,
): Promise<Validated> {
  const arms: Arm[] = [];
  for (let pair = 1; pair <= MOST_ARMS + MOST_VOID; pair += 1) {
    const kinds: readonly ArmKind[] = random() < 0.5 ? ['control', 'treatment'] : ['treatment', 'control'];
    for (const kind of kinds) {
      if (interrupted()) return { arms, decision: undefined };
      say(`${kind}, ${arms.filter(({ arm }) => arm === kind).length + 1}. time`);
      const arm = await run(kind);
      arms.push(arm);
      say(`${kind}: ${toldOf(arm)}`);
      const decision = decide(runbook, arms);
      if (decision !== undefined) return { arms, decision };
      const voids = arms.flatMap(({ void: why }) => (why === undefined ? [] : [why]));
      if (voids.length >= MOST_VOID)
        return { arms, decision: inconclusive(arms, `${voids.length} arms prove nothing: ${voids.at(-1)}`) };
    }
  }
  return { arms, decision: inconclusive(arms, 'the arms do not agree') };
}

const inconclusive = (arms: readonly Arm[], why: string): Decision => ({
  verdict: 'INCONCLUSIVE',
  why,
  gain: gainOf(arms),
});

function toldOf({ recovery, watchedMs, void: why }: Arm): string {
  if (why !== undefined) return `proves nothing: ${why}`;
  const s = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return recovery.outcome === 'recovered'
    ? `healthy ${s(recovery.ms)} after the failure`
    : `still broken after ${s(watchedMs)}`;
}
