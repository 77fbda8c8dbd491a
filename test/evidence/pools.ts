import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, type Running, TEST_ENV } from '../helpers/chaos.ts';
import { writeParts } from '../helpers/parts.ts';
import { say } from './figures.ts';
import { measuredOn } from './host.ts';
import { bringUp, measure, type Measured, takeDown } from './pools/measure.ts';
import { messageOf, poolTables } from './pools/table.ts';
import { REFUSED, type Way, WAYS } from './pools/ways.ts';

// Measures the ways to make pools add up, side by side on the real topology: latency at 200/s, sessions on the server,
// named statements, what the harness sees, and the loss of the primary.
const HELP = `Usage: npm run pools -- [--only WAY,WAY] [--fresh] [--write]
  --only NAMES   only these ways: ${WAYS.map(({ name }) => name).join(', ')}
  --fresh        forget what was measured before. Otherwise a second call at the same commit goes on where the first ended
  --write        write the tables into docs/pools.md
Each way is brought up from nothing and removed: about two minutes each. Ctrl-C removes it too.
Example: npm run pools -- --only fixed-3,shared-3`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** What was measured at this commit. */
const KEPT = join(ROOT, '.chaos', 'pools.ndjson');

interface Kept extends Measured {
  readonly commit: string;
}

const commit = (): string => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();

function kept(): readonly Kept[] {
  if (!existsSync(KEPT)) return [];
  const lines = readFileSync(KEPT, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Kept).filter((one) => one.commit === commit());
}

function wantedWays(): readonly Way[] {
  const names = values.only?.split(',') ?? WAYS.map(({ name }) => name);
  const unknown = names.find((name) => !WAYS.some((way) => way.name === name));
  if (unknown !== undefined) throw new Error(`there is no way "${unknown}"\n${HELP}`);
  return WAYS.filter(({ name }) => names.includes(name));
}

/** Builds the image of PgBouncer, which is not an image of the topology. */
function buildPooler({ files }: Way): void {
  const more = files.flatMap((file) => ['-f', file]);
  execFileSync('docker', ['compose', ...more, 'build', '--quiet', 'pgbouncer'], {
    cwd: ROOT,
    env: { ...process.env, ...TEST_ENV },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

let stopped = false;
let running: Running | undefined;

/**
 * A terminal sends Ctrl-C to the run too, which then puts everything back by itself. SIGTERM comes to this process
 * alone, so it is handed on. Either way the topology is removed at the end.
 */
function stopAt(signal: 'SIGINT' | 'SIGTERM'): void {
  process.once(signal, () => {
    stopped = true;
    if (signal === 'SIGTERM') running?.child.kill('SIGTERM');
    say(`${signal}: the topology is removed`);
  });
}

async function measureFresh(way: Way, folder: string): Promise<void> {
  const began = performance.now();
  try {
    const refusal = await bringUp(way);
    if (refusal !== undefined) throw new Error(`${way.name} did not come up:\n${refusal}`);
    if (stopped) return;
    const one: Kept = { commit: commit(), ...(await measure(way, folder, (run) => (running = run))) };
    if (stopped) return;
    mkdirSync(join(ROOT, '.chaos'), { recursive: true });
    appendFileSync(KEPT, `${JSON.stringify(one)}\n`);
    say(`${way.name.padEnd(14)} ${one.verdict}, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  } catch (error) {
    if (!stopped) throw error;
  } finally {
    await takeDown(way);
  }
}

async function main(): Promise<void> {
  if (values.fresh) rmSync(KEPT, { force: true });
  const ways = wantedWays().filter(({ name }) => !kept().some(({ way }) => way === name));
  const folder = mkdtempSync(join(tmpdir(), 'pools-'));
  stopAt('SIGINT');
  stopAt('SIGTERM');
  const pooled = ways.find(({ files }) => files.length > 1);
  if (pooled !== undefined) buildPooler(pooled);
  for (const way of ways) if (!stopped) await measureFresh(way, folder);
  rmSync(folder, { recursive: true, force: true });
  if (stopped) {
    process.exitCode = 130;
    return;
  }
  const refusal = await bringUp(REFUSED);
  if (refusal === undefined) await takeDown(REFUSED);
  const tables = poolTables(kept(), messageOf(refusal ?? 'they came up'));
  say(`\n${tables}`);
  if (values.write)
    await writeParts(
      'docs/pools.md',
      'pools',
      ['ways'],
      new Map([['ways', `${tables}\n\n${measuredOn('npm run pools')}`]]),
    );
}

if (values.help) say(HELP);
else await main();
