import { join } from 'node:path';
import type { Plan } from '../../../core/plan/plan.ts';
import type { ResultStore, RunDocument } from '../../../core/record/run.ts';
import type { TopologySpec } from '../../../core/topology/spec.ts';
import { type Side, stretches } from '../../../core/trend/interleave.ts';
import { writeWhole } from '../../../disk/whole.ts';
import type { SessionParts } from '../../../session/parts.ts';
import type { Session } from '../../../session/session.ts';
import { pinned, type Recorded, type Way } from './same.ts';

/** A topology that is held for reruns. It is given back when it is disposed of. */
export type Rerunning = Pick<Session, 'run'> & AsyncDisposable;

/** What reruns are made of. */
export interface Reruns {
  /** The folder of the gate. It receives the folders of the reruns. */
  readonly dir: string;
  /** Takes a topology. It is called for each stretch of one side, or once when both sides are the same code. */
  readonly open: (spec: TopologySpec) => Promise<Rerunning>;
  /** The experiment, with the topology as it is read today: a record masks its passwords. */
  readonly plan: Plan;
  readonly images: Readonly<Record<Side, Recorded['environment']['images']>>;
}

/**
 * Makes the reruns of both sides in this order. When the sides differ in images, the topology is brought up anew with the
 * images of each side, so both sides begin as often on a topology that has just come up.
 */
export async function* rerun(
  order: readonly Side[],
  way: Exclude<Way, { is: 'none' }>,
  { dir, open, plan, images }: Reruns,
): AsyncGenerator<readonly [Side, RunDocument], void> {
  if (way.is === 'same') {
    await using session = await open(plan.topology);
    for (const side of order) yield [side, await session.run(plan)];
    return;
  }
  for (const { side, count } of stretches(order)) {
    const pin = join(dir, `${side}.compose.json`);
    writeWhole(pin, pinned(images[side]));
    const topology = { ...plan.topology, files: [...plan.topology.files, pin] };
    await using session = await open(topology);
    for (let n = 0; n < count; n += 1) yield [side, await session.run({ ...plan, topology })];
  }
}

const NO_STORE: ResultStore = {
  save: () => Promise.resolve(),
  runs: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/**
 * Returns the parts of a session whose runs are the reruns of a gate. They lie in the folder of the gate, and are in no list,
 * trend and database: some of them are of old code.
 */
export const partsOfReruns = (parts: SessionParts, dir: string): SessionParts => ({
  ...parts,
  reports: dir,
  openStore: () => Promise.resolve(NO_STORE),
  writeIndex: () => undefined,
});
