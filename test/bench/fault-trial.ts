import { systemClock as clock } from '../../harness/core/clock.ts';
import { median } from '../../harness/core/evidence/evidence.ts';
import type { Fault } from '../../harness/core/fault.ts';
import { linkOf } from '../../harness/core/link.ts';
import type { Answer, Question } from '../../harness/core/topology.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { LawTrial } from '../helpers/laws.ts';

const BEFORE_MS = 2_500;
const DURING_MS = 3_500;
/** What was in flight when the fault began does not count for its size. */
const SETTLE_MS = 500;
/** Between two questions. */
export const EVERY_MS = 20;

/** One fault of a link that has a size, and how its consumer sees it. */
export interface Trial {
  readonly fault: string;
  /** As in an experiment file. */
  readonly params: { readonly link: string };
  readonly ask: Pick<Question, 'kind' | 'bytes'>;
  /** How large it is to be, and was. */
  readonly asked: number;
  readonly unit: string;
  readonly of: (before: readonly Answer[], during: readonly Answer[]) => number;
}

export const roundTrip = (answers: readonly Answer[]): number =>
  median(answers.flatMap((a) => (a.ok && a.rtt !== undefined ? [a.rtt] : []))) ?? NaN;

/** Injects and heals as the engine does, while the link's consumer is asked all the time; answers the size that it saw. */
export async function sizeOf(trial: Trial, fault: Fault, topology: TopologyControl): Promise<number> {
  const { from, protocol, host, port } = linkOf(topology.spec, trial.params.link);
  const answers: Answer[] = [];
  const question = { id: trial.fault, protocol, host, port, everyMs: EVERY_MS, ...trial.ask };
  using life = new LawTrial({ ...fault, example: trial.params }, topology);
  await using _witness = await topology.witness(from, 'bench', [question], (answer) => answers.push(answer));
  await clock.sleep(BEFORE_MS);
  try {
    await life.inject();
    await clock.sleep(DURING_MS);
  } finally {
    await life.mustHeal();
  }
  const { injecting, injected = Infinity, healing = -Infinity } = life.record;
  const before = answers.filter((a) => a.t < injecting);
  const during = answers.filter((a) => a.t >= injected + SETTLE_MS && a.t + (a.rtt ?? 0) < healing);
  return trial.of(before, during);
}
