import { execFileSync } from 'node:child_process';
import { TEST_ENV } from './chaos.ts';

/** What the plain Docker client says: a witness that is not the harness. */
export const docker = (...args: readonly string[]): string =>
  execFileSync('docker', [...args], { encoding: 'utf8' }).trim();

export const container = (service: string, replica = 1): string => `${TEST_ENV['CHAOS_PROJECT']}-${service}-${replica}`;

/** Leftovers as the plain client and Toxiproxy's own interface show them: stopped, paused, disconnected; toxics, disabled proxies; helpers. */
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

/** Polls until `check` answers an empty list; what it last answered when the time is over. The world heals when it heals. */
export async function becomesEmpty(
  check: () => Promise<string[]>,
  withinMs: number,
): Promise<{ left: string[]; afterMs: number }> {
  const begun = performance.now();
  for (;;) {
    const left = await check().catch((error: unknown) => [String(error)]);
    const afterMs = performance.now() - begun;
    if (left.length === 0 || afterMs > withinMs) return { left, afterMs };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Stops Toxiproxy itself in the middle of whatever it does. The engine's own signal would reach the init before it, and no further. */
export const FREEZE_TOXIPROXY: readonly string[] = [
  'exec',
  container('toxiproxy'),
  'bash',
  '-c',
  `for comm in /proc/[0-9]*/comm; do
    [[ $(<"$comm") != toxiproxy ]] || { pid=\${comm#/proc/}; kill -STOP "\${pid%/comm}"; }
  done`,
];
