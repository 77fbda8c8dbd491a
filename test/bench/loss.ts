import { containerName } from '../../harness/core/topology/aim.ts';
import { systemClock as clock } from '../../harness/core/clock.ts';
import type { Fault } from '../../harness/core/kinds/fault.ts';
import { proportionBounds } from '../../harness/core/stats.ts';
import type { DatagramBatch } from '../../harness/core/topology/witness.ts';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { LawTrial } from '../helpers/laws.ts';
import { fixed } from './section.ts';

/**
 * The number of ways side by side, each with a hundred datagrams a second. At 20,000 datagrams and 30 % loss, the 95 %
 * bounds are 0.6 points away.
 */
const BESIDE = 10;
const DURING_MS = 20_000;
/** A batch covers half a second. It is reported a second and a half after it began. */
const BATCH_MS = 500;
const TOLD_MS = 2_500;
/** How often each bound alone holds. Both together then hold in 95 %. */
const CONFIDENCE = 0.975;

/**
 * The datagrams that were sent to the fault's container or from it while the fault was in force, and how many were
 * lost.
 */
export interface Loss {
  readonly way: 'in' | 'out';
  readonly lost: number;
  readonly of: number;
}

/**
 * Drops some packets of one app replica in both directions, and counts the loss of numbered datagrams in each
 * direction.
 */
export async function lose(fault: Fault, percent: number, topology: TopologyControl): Promise<readonly Loss[]> {
  const [nginx, app] = ['nginx', 'app'].map((service) => containerName(topology.spec, service, 1));
  if (nginx === undefined || app === undefined) throw new Error('no nginx, or no app');
  const ways = Array.from({ length: BESIDE }, () => [
    { from: nginx, to: app },
    { from: app, to: nginx },
  ]).flat();
  const batches: DatagramBatch[] = [];
  using trial = new LawTrial(
    { ...fault, example: { service: 'app', replica: 1, loss: percent, direction: 'both' } },
    topology,
  );
  await using _datagrams = await topology.witnesses.datagrams('bench', ways, (batch) => batches.push(batch));
  await clock.sleep(BATCH_MS);
  try {
    await trial.inject();
    await clock.sleep(DURING_MS);
  } finally {
    await trial.mustHeal();
  }
  await clock.sleep(TOLD_MS);
  const { injected = Infinity, healing = -Infinity } = trial.record;
  const during = batches.filter(({ t }) => t >= injected && t + 2 * BATCH_MS <= healing);
  return [
    { way: 'in', ...lossOf(during.filter(({ to }) => to === app)) },
    { way: 'out', ...lossOf(during.filter(({ from }) => from === app)) },
  ];
}

export const lossOf = (batches: readonly DatagramBatch[]): Omit<Loss, 'way'> => ({
  lost: batches.reduce((sum, { sent, arrived }) => sum + sent - arrived, 0),
  of: batches.reduce((sum, { sent }) => sum + sent, 0),
});

const percentOf = (share: number): string => fixed(share * 100);

/** "packet_loss, in | 5 % | 5.08 % of 19,000 (95 %: 4.77 to 5.40) | +0.08 points". */
export function lossRow(percent: number, { way, lost, of }: Loss): string[] {
  const { lower, upper } = proportionBounds(lost, of, CONFIDENCE);
  const share = (lost / of) * 100;
  const measured = `${fixed(share)} % of ${of} (95 %: ${percentOf(lower)} to ${percentOf(upper)})`;
  const off = share - percent;
  return [`packet_loss, ${way}`, `${percent} %`, measured, `${off < 0 ? '' : '+'}${fixed(off)} points`];
}
