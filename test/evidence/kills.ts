import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../harness/core/random.ts';
import { chaos, startChaos } from '../helpers/chaos.ts';
import { becomesEmpty, leftovers } from '../helpers/docker.ts';
import { row, say } from './figures.ts';
import { EXPERIMENTS } from './experiments.ts';

/** Short phases, so that a seeded moment meets each of them. */
const SHORT = ['warmup=2s', 'baseline=4s', 'fault=12s', 'recovery=4s'].flatMap((p) => ['--set', `phases.${p}`]);
/** From before the first phase to the heal phase, milliseconds after the start of the process. */
const SPAN = { from: 500, until: 24_000 };
const GIVE_UP_MS = 120_000;

interface Kill {
  readonly experiment: string;
  readonly atMs: number;
  readonly left: readonly string[];
  readonly cleanMs: number;
  readonly healthyMs: number;
  readonly listed: string;
}

const healthy = async (): Promise<string[]> =>
  (await chaos(['status', '--json'])).stdout.includes('"healthy": true') ? [] : ['not healthy'];

async function lastVerdict(): Promise<string> {
  const { runs } = JSON.parse((await chaos(['list', '--json'])).stdout) as { runs: { verdict: string }[] };
  return runs.at(-1)?.verdict ?? 'none';
}

/** Kills the harness (SIGKILL) at seeded moments of runs and measures how long anything of the fault stays. */
export async function killRuns(times: number, seed: number): Promise<readonly Kill[]> {
  const random = seededRandom(seed);
  const kills: Kill[] = [];
  for (let i = 0; i < times; i += 1) {
    const experiment = EXPERIMENTS[i % EXPERIMENTS.length] ?? EXPERIMENTS[0];
    const atMs = Math.round(SPAN.from + random() * (SPAN.until - SPAN.from));
    const running = startChaos(['run', `experiments/${experiment}.yaml`, ...SHORT]);
    await delay(atMs);
    running.child.kill('SIGKILL');
    const { left, afterMs: cleanMs } = await becomesEmpty(leftovers, GIVE_UP_MS);
    await running.ended;
    const { afterMs } = await becomesEmpty(healthy, GIVE_UP_MS);
    await becomesEmpty(
      async () => ((await chaos(['status'])).stdout.includes('no run is at work') ? [] : ['at work']),
      GIVE_UP_MS,
    );
    const kill = { experiment, atMs, left, cleanMs, healthyMs: cleanMs + afterMs, listed: await lastVerdict() };
    kills.push(kill);
    say(`killed ${experiment} at ${atMs} ms: nothing left after ${(cleanMs / 1_000).toFixed(1)} s ${left.join('; ')}`);
  }
  return kills;
}

export function killTable(kills: readonly Kill[]): string {
  const s = (ms: number): string => (ms / 1_000).toFixed(1);
  const longest = Math.max(...kills.map((k) => k.cleanMs));
  return [
    `## kill -9 of the harness, ${kills.length} times`,
    '',
    `Nothing was left after ${s(longest)} s at most.`,
    '',
    row('experiment', 'killed after, s', 'nothing left after, s', 'healthy after, s', 'listed as'),
    row('---', '---', '---', '---', '---'),
    ...kills.map((k) => row(k.experiment, s(k.atMs), s(k.cleanMs), s(k.healthyMs), k.listed)),
  ].join('\n');
}
