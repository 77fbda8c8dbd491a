import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './figures.ts';
import type { Ground } from './kills.ts';

// Kills the harness at seeded moments of every fault, a third of the times with its guardian, and measures which residue is
// left and for how long.
const HELP = `Usage: npm run torture -- [--kills 100] [--seed 1] [--only FAULT,FAULT] [--project NAME] [--write]
  --kills N        how often the harness is killed (SIGKILL), at each fault and each moment in turn
  --seed N         the seed of the order and of the moments
  --only NAMES     only these faults
  --project NAME   the topology's project (default: the tests' own)
  --write          write the table into docs/torture.md
Exit 1 when a kill left residue after 15 s, missed its moment, or its run is not listed as INTERRUPTED.
Example: npm run torture -- --kills 8 --only kill,latency`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    project: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function torture(): Promise<void> {
  if (values.project !== undefined) process.env['CHAOS_TEST_PROJECT'] = values.project;
  // Loaded only now: the helpers read the project's name when they are loaded.
  const { chaos, PLANTED, ROOT, TEST_ENV } = await import('../helpers/chaos.ts');
  const { cloneInto } = await import('../helpers/clone.ts');
  const { offeredFaults } = await import('../helpers/offered.ts');
  const { drawKills, killRuns } = await import('./kills.ts');
  const { broken, killTables } = await import('./kill-table.ts');
  const { measuredOn } = await import('./host.ts');
  const { topologyControl, topologySpec } = await import('../../harness/main.ts');
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'torture-'));
  const work = join(folder, PLANTED.database);
  const checkout = cloneInto(join(work, 'clone'));
  const reports = process.env['CHAOS_TEST_REPORTS'] ?? join(work, 'reports');
  const ground: Ground = {
    own: { cwd: work, checkout },
    folder: { cwd: folder, checkout },
    clone: { cwd: folder, checkout: cloneInto(join(folder, 'other')) },
    reports,
    env: { CHAOS_REPORTS: reports, SECRET_DIR: '/' },
  };
  const up = await chaos(['topology', 'up'], ground.env, ground.own);
  if (up.code !== 0) throw new Error(up.stderr);
  const env = { ...process.env, ...TEST_ENV };
  await using topology = topologyControl(topologySpec([join(ROOT, 'docker-compose.chaos.yml')], env), env);
  const { faults, skipped } = await offeredFaults(topology, values.only?.split(','));
  if (faults.length === 0) throw new Error(`there is no fault to try: ${values.only ?? ''} ${skipped.join(', ')}`);
  const kills = await killRuns(drawKills(faults, Number(values.kills), Number(values.seed)), ground, topology);
  await chaos(['topology', 'down'], ground.env, ground.own);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  const only = values.only === undefined ? '' : ` --only ${values.only}`;
  const command = `npm run torture -- --kills ${values.kills} --seed ${values.seed}${only}`;
  const page = `# kill -9 of the harness\n\n${measuredOn(command)} It took ${minutes} minutes.\n\n${killTables(kills, skipped)}\n`;
  say(`\n${page}`);
  if (values.write) {
    mkdirSync(join(ROOT, 'docs'), { recursive: true });
    writeFileSync(join(ROOT, 'docs', 'torture.md'), page);
  }
  const bad = kills.some((kill) => broken(kill) !== undefined);
  if (bad) process.exitCode = 1;
  if (bad) say(`everything is kept in ${folder}, the runs in ${reports}`);
  else rmSync(folder, { recursive: true, force: true });
}

if (values.help) say(HELP);
else await torture();
