import { systemClock as clock } from '../../harness/core/clock.ts';
import { describeError } from '../../harness/core/errors.ts';
import type { Evidence, Fault } from '../../harness/core/kinds/fault.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { LawTrial } from '../helpers/laws.ts';
import { type Bite, biteOf } from './bite.ts';
import { lookClosely } from './closely.ts';

const BEFORE_MS = 3_000;
/**
 * A fault is in force until its evidence is enough, or for this long. On a silent link, one question a second
 * gets no answer.
 */
const DURING_MS = 8_000;
const POLL_MS = 250;
/** Time to see that the fault is gone. Most faults are gone at once. A change that stays is never gone. */
const GONE_MS = 5_000;
const HEALTHY_MS = 60_000;
export const HEALTH_EVERY_MS = 100;
/** The result of a datagram is known only after this time. */
const TOLD_MS = 2_500;

export interface Life {
  readonly fault: string;
  readonly proof: Evidence;
  /** Milliseconds from the decision until the evidence was enough. The fault bit no later than that. */
  readonly toProof: number;
  readonly bite: Bite | undefined;
  /**
   * Milliseconds from the beginning of the undo to a healthy topology. Health is asked only when the undo is done.
   * Undefined when the topology did not become healthy in time.
   */
  readonly toHealthy: number | undefined;
}

/** Runs one fault, by its example, from the decision until it is gone. Its own observers read all the time. */
export async function liveThrough(fault: Fault, topology: TopologyControl): Promise<Life> {
  using trial = new LawTrial(fault, topology);
  await using _looking = await lookClosely(trial.looking);
  await clock.sleep(BEFORE_MS);
  let inForce: { proof: Evidence; toProof: number };
  try {
    await trial.inject();
    inForce = await proved(trial);
  } catch (error) {
    // One fault that fails must not stop the others.
    inForce = { proof: { effective: 'inconclusive', evidence: describeError(error) }, toProof: NaN };
  } finally {
    await trial.mustHeal();
  }
  const { healing = NaN } = trial.record;
  const toHealthy = await healthyAgain(topology, healing);
  await gone(trial, Math.max(clock.now() + TOLD_MS, healing + GONE_MS));
  return { fault: fault.name, ...inForce, bite: biteOf(trial.record), toHealthy };
}

/** Waits until the fault's own evidence is enough, or until DURING_MS has passed. */
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

/** Waits until the observers show that the fault is gone, or until the time `until`. */
async function gone(trial: LawTrial, until: number): Promise<void> {
  while (clock.now() < until && biteOf(trial.record)?.toHealed === undefined) await clock.sleep(POLL_MS);
}
