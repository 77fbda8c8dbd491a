import { systemClock as clock } from '../../harness/core/clock.ts';
import { describeError } from '../../harness/core/errors.ts';
import type { Evidence, Fault } from '../../harness/core/fault.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { LawTrial } from '../helpers/laws.ts';
import { type Bite, biteOf } from './bite.ts';
import { lookClosely } from './closely.ts';

const BEFORE_MS = 3_000;
/** In force until its own evidence is enough; a silent link answers one question a second with nothing. */
const DURING_MS = 8_000;
const POLL_MS = 250;
/** To be seen as gone: as a rule it is at once, and what has changed for good never is. */
const GONE_MS = 5_000;
const HEALTHY_MS = 60_000;
export const HEALTH_EVERY_MS = 100;
/** What becomes of datagrams is told so late. */
const TOLD_MS = 2_500;

export interface Life {
  readonly fault: string;
  readonly proof: Evidence;
  /** From the decision until its evidence was enough, milliseconds: it bit no later. */
  readonly toProof: number;
  readonly bite: Bite | undefined;
  /** From the beginning of the undo to a healthy topology, asked when the undo was done; undefined when it did not become so in time. */
  readonly toHealthy: number | undefined;
}

/** One fault, by its example, from the decision until it is gone, looked at by its own observers all the while. */
export async function liveThrough(fault: Fault, topology: TopologyControl): Promise<Life> {
  using trial = new LawTrial(fault, topology);
  await using _looking = await lookClosely(trial.looking);
  await clock.sleep(BEFORE_MS);
  let inForce: { proof: Evidence; toProof: number };
  try {
    await trial.inject();
    inForce = await proved(trial);
  } catch (error) {
    // The others are still to be tried.
    inForce = { proof: { effective: 'inconclusive', evidence: describeError(error) }, toProof: NaN };
  } finally {
    await trial.mustHeal();
  }
  const { healing = NaN } = trial.record;
  const toHealthy = await healthyAgain(topology, healing);
  await gone(trial, Math.max(clock.now() + TOLD_MS, healing + GONE_MS));
  return { fault: fault.name, ...inForce, bite: biteOf(trial.record), toHealthy };
}

/** Waits until its own evidence is enough, if it ever is. */
async function proved(trial: LawTrial): Promise<{ proof: Evidence; toProof: number }> {
  const { injecting } = trial.record;
  for (;;) {
    await clock.sleep(POLL_MS);
    const now = clock.now();
    const proof = trial.prove({ ...trial.record, healing: now });
    const toProof = now - injecting;
    if (proof.effective === 'effective' || toProof > DURING_MS) return { proof, toProof };
  }
}

async function healthyAgain(topology: TopologyControl, healing: number): Promise<number | undefined> {
  while (clock.now() < healing + HEALTHY_MS) {
    if ((await topology.health()).healthy) return clock.now() - healing;
    await clock.sleep(HEALTH_EVERY_MS);
  }
  return undefined;
}

/** Waits until the observers show that it is gone, until a time at most. */
async function gone(trial: LawTrial, until: number): Promise<void> {
  while (clock.now() < until && biteOf(trial.record)?.toHealed === undefined) await clock.sleep(POLL_MS);
}
