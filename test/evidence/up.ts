import { execFileSync } from 'node:child_process';
import { chaos, ROOT, TEST_ENV } from '../helpers/chaos.ts';
import { median, row, say } from './figures.ts';

interface Up {
  readonly composeS: number;
  readonly chaosS: number;
}

async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

const compose = (...args: readonly string[]): void => {
  execFileSync('docker', ['compose', '-f', 'docker-compose.chaos.yml', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...TEST_ENV },
    stdio: 'ignore',
  });
};

/**
 * Starts the topology from nothing, when its images exist: in turn with `docker compose up --wait` and `chaos topology
 * up`.
 */
export async function compareUps(times: number): Promise<readonly Up[]> {
  const ups: Up[] = [];
  for (let i = 0; i < times; i += 1) {
    await chaos(['topology', 'down']);
    const composeS = await timed(() => compose('up', '--detach', '--wait'));
    compose('down', '--volumes');
    const chaosS = await timed(() => chaos(['topology', 'up']));
    ups.push({ composeS, chaosS });
    say(`up: compose ${composeS.toFixed(1)} s, chaos ${chaosS.toFixed(1)} s`);
  }
  return ups;
}

export function upTable(ups: readonly Up[]): string {
  const ratio = median(ups.map((u) => u.chaosS)) / median(ups.map((u) => u.composeS));
  return [
    '## The topology from nothing, when its images exist',
    '',
    `The median time of \`chaos topology up\` is ${ratio.toFixed(2)} times the median time of \`docker compose up --wait\`.`,
    '',
    row('try', 'docker compose up --wait, s', 'chaos topology up, s'),
    row('---', '---', '---'),
    ...ups.map((u, i) => row(String(i + 1), u.composeS.toFixed(1), u.chaosS.toFixed(1))),
  ].join('\n');
}
