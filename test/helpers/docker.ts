import { execFileSync } from 'node:child_process';
import { TEST_ENV } from './chaos.ts';

/** Runs the plain Docker client and returns what it prints. It sees the containers independently of the harness. */
export const docker = (...args: readonly string[]): string =>
  execFileSync('docker', [...args], { encoding: 'utf8' }).trim();

export const container = (service: string, replica = 1): string => `${TEST_ENV['CHAOS_PROJECT']}-${service}-${replica}`;

/** Returns the names of a service's containers in the tests' topology, stopped ones too, in their order. */
export const containersOf = (service: string): readonly string[] => {
  const labels = { project: TEST_ENV['CHAOS_PROJECT'] ?? '', service };
  const filters = Object.entries(labels).flatMap(([key, value]) => [
    '--filter',
    `label=com.docker.compose.${key}=${value}`,
  ]);
  return docker('ps', '-a', ...filters, '--format', '{{.Names}}')
    .split('\n')
    .filter((name) => name !== '')
    .sort();
};

/**
 * Lists residue as the plain Docker client and Toxiproxy's own interface show it. Residue is: containers that are
 * stopped, paused or on no network; toxics; disabled proxies; helper containers.
 */
export async function leftovers(): Promise<string[]> {
  const project = TEST_ENV['CHAOS_PROJECT'];
  const found: string[] = [];
  const rows = docker(
    'ps',
    '-a',
    '--filter',
    `label=com.docker.compose.project=${project}`,
    '--format',
    '{{.Names}}|{{.State}}|{{.Networks}}',
  );
  for (const row of rows.split('\n').filter((line) => line !== '')) {
    const [name, state, networks] = row.split('|');
    if (state !== 'running') found.push(`${name} is ${state}`);
    if (networks === '') found.push(`${name} is on no network`);
  }
  if (rows === '') return found;
  const response = await fetch(`http://127.0.0.1:${TEST_ENV['CHAOS_TOXIPROXY_PORT']}/proxies`, {
    signal: AbortSignal.timeout(2_000),
  });
  const proxies = (await response.json()) as Record<string, { enabled: boolean; toxics: { name: string }[] }>;
  for (const [name, proxy] of Object.entries(proxies)) {
    if (!proxy.enabled) found.push(`proxy ${name} is disabled`);
    for (const toxic of proxy.toxics) found.push(`toxic ${toxic.name} on ${name}`);
  }
  const helpers = docker('ps', '-a', '--filter', `label=chaos.helper=${project}`, '--format', '{{.Names}}');
  return [
    ...found,
    ...helpers
      .split('\n')
      .filter((line) => line !== '')
      .map((name) => `helper ${name}`),
  ];
}

/**
 * Polls every 250 ms until `check` returns an empty list or the time is over. Returns the last list and the time that
 * passed. An error of `check` counts as something that is left. It retries because nobody knows how long real containers
 * take to heal.
 */
export async function becomesEmpty(
  check: () => string[] | Promise<string[]>,
  withinMs: number,
): Promise<{ left: string[]; afterMs: number }> {
  const begun = performance.now();
  for (;;) {
    const left = await Promise.resolve()
      .then(check)
      .catch((error: unknown) => [String(error)]);
    const afterMs = performance.now() - begun;
    if (left.length === 0 || afterMs > withinMs) return { left, afterMs };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * A Docker command that stops the Toxiproxy process itself with SIGSTOP. A signal from the engine would reach only the
 * init process of the container.
 */
export const FREEZE_TOXIPROXY: readonly string[] = [
  'exec',
  container('toxiproxy'),
  'bash',
  '-c',
  `for comm in /proc/[0-9]*/comm; do
    [[ $(<"$comm") != toxiproxy ]] || { pid=\${comm#/proc/}; kill -STOP "\${pid%/comm}"; }
  done`,
];
