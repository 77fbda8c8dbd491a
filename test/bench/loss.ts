import { containerName } from '../../harness/core/aim.ts';
import { systemClock as clock } from '../../harness/core/clock.ts';
import type { Fault } from '../../harness/core/fault.ts';
import { proportionBounds } from '../../harness/core/stats.ts';
import type { DatagramBatch } from '../../harness/core/topology.ts';
import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { LawTrial } from '../helpers/laws.ts';
import { fixed } from './section.ts';

/** So many ways side by side, each with a hundred datagrams a second: of 20,000 and 30 %, 95 % bounds lie 0.6 points away. */
const BESIDE = 10;
const DURING_MS = 20_000;
/** A batch is half a second's worth, and is told a second and a half after it began. */
const BATCH_MS = 500;
const TOLD_MS = 2_500;
/** Both bounds together hold the truth so often: each alone by half of what is left. */
const CONFIDENCE = 0.975;

/** What was lost of the datagrams that were sent while the fault was in force, to its container and from it. */
export interface Loss {
  readonly way: 'in' | 'out';
  readonly lost: number;
  readonly of: number;
}

/** Loses some of the packets of an app's replica, both ways, and counts numbered datagrams of each way. */
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
  await using _datagrams = await topology.datagrams('bench', ways, (batch) => batches.push(batch));
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
