import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_CORE, pinned } from './cores.ts';

export interface PeerResult {
  readonly requests: number;
  readonly seconds: number;
  /** Processor time of the whole client, microseconds. */
  readonly cpuUs: number;
}

const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

const onPath = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** A program that our load is compared with, and the line that installs it. */
const INSTALLED_BY = {
  wrk: 'apt-get install -y --no-install-recommends wrk',
  vegeta: 'GOBIN=/usr/local/bin go install github.com/tsenart/vegeta/v12@v12.13.0',
} as const;
export type Peer = keyof typeof INSTALLED_BY;

export interface Peers {
  readonly there: readonly Peer[];
  /** What stands below a table in which a peer is missing; empty when none is. */
  readonly note: string;
}

/** Returns which of the peers are installed. `has` says whether a program is. */
export function peersOf(asked: readonly Peer[], has: (program: string) => boolean = onPath): Peers {
  const missing = asked.filter((peer) => !has(peer));
  const lines = missing.map(
    (peer) => `Without ${peer}, which is not installed: \`${INSTALLED_BY[peer]}\` installs it.\n`,
  );
  return { there: asked.filter((peer) => !missing.includes(peer)), note: lines.join('') };
}

/** Runs a command on the client's core and returns its output. */
function runPinned(command: readonly string[]): string {
  const [program = '', ...args] = pinned(CLIENT_CORE, command);
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

export const runNode = (name: string, args: readonly string[]): string =>
  runPinned([process.execPath, script(name), ...args]);

/**
 * Does the same for a program that does not report its processor time: the shell reports it. Returns output and
 * microseconds.
 */
function runTimed(command: string): { output: string; cpuUs: number } {
  const output = runPinned(['sh', '-c', `${command}; times`]);
  const lines = output.trimEnd().split('\n');
  // "0m1.330000s 0m0.990000s": user and system time of the shell's children.
  const times = [...(lines.at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const cpuUs = times.reduce((sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1e6, 0);
  return { output: lines.slice(0, -2).join('\n'), cpuUs };
}

export function runAutocannon(url: string, connections: number, seconds: number, warmUpSeconds: number): PeerResult {
  const args = [connections, seconds, warmUpSeconds].map(String);
  return JSON.parse(runNode('autocannon.ts', [url, ...args])) as PeerResult;
}

export function runWrk(url: string, connections: number, seconds: number): PeerResult {
  const { output, cpuUs } = runTimed(`wrk -t1 -c${connections} -d${seconds}s ${url}`);
  return { requests: Number(/(\d+) requests in/.exec(output)?.[1]), seconds, cpuUs };
}

/** `ratePerS` 0: as fast as its 50 workers can. */
export function runVegeta(url: string, ratePerS: number, seconds: number): PeerResult {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-bench-'));
  const results = join(dir, 'results.bin');
  const workers = ratePerS === 0 ? '-max-workers=50' : '-workers=50';
  try {
    writeFileSync(join(dir, 'targets'), `GET ${url}\n`);
    const attack = `vegeta attack -rate=${ratePerS} -duration=${seconds}s ${workers} -targets=${join(dir, 'targets')}`;
    const { cpuUs } = runTimed(`${attack} -output=${results}`);
    const report = spawnSync('vegeta', ['report', '-type=json', results], { encoding: 'utf8' }).stdout;
    return { requests: (JSON.parse(report) as { requests: number }).requests, seconds, cpuUs };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
