import { systemClock as clock } from '../../harness/core/clock.ts';
import { median } from '../../harness/core/stats.ts';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import { linkOf } from '../../harness/kit/links.ts';
import type { Answer, Question } from '../../harness/core/topology/witness.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { LawTrial } from '../helpers/laws.ts';

const BEFORE_MS = 2_500;
const DURING_MS = 3_500;
/** Questions in this time after the injection may have been in flight before it, so they do not count for the size. */
const SETTLE_MS = 500;
/** Milliseconds between two questions. */
export const EVERY_MS = 20;

/** A fault of a link that has a size, and how the link's consumer measures that size. */
export interface Trial {
  readonly fault: string;
  /** The fault's parameters, as in an experiment file. */
  readonly params: { readonly link: string };
  readonly ask: Pick<Question, 'kind' | 'bytes'>;
  /** The size that the fault is given, its unit, and how to compute the size from the answers. */
  readonly asked: number;
  readonly unit: string;
  readonly of: (before: readonly Answer[], during: readonly Answer[]) => number;
}

export const roundTrip = (answers: readonly Answer[]): number =>
  median(answers.flatMap((a) => (a.ok && a.rtt !== undefined ? [a.rtt] : []))) ?? NaN;

/** Injects and heals as a run does, while the link's consumer asks all the time. Resolves with the size that it saw. */
export async function sizeOf(trial: Trial, fault: Fault, topology: TopologyControl): Promise<number> {
  const { from, protocol, host, port } = linkOf(topology.spec, trial.params.link);
  const answers: Answer[] = [];
  const question = { id: trial.fault, protocol, host, port, everyMs: EVERY_MS, ...trial.ask };
  using life = new LawTrial({ ...fault, example: trial.params }, topology);
  await using _witness = await topology.witnesses.witness({ from }, 'bench', [question], (answer) =>
    answers.push(answer),
  );
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
