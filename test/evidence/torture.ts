import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from './figures.ts';

// Kills the harness at seeded moments of every fault, and measures what is left and for how long.
const HELP = `Usage: npm run torture -- [--kills 100] [--seed 1] [--only FAULT,FAULT] [--project NAME] [--write]
  --kills N        how often the harness is killed (SIGKILL), over all faults and their moments in turn
  --seed N         of the order and the moments
  --only NAMES     these faults only
  --project NAME   the topology's project (default: the tests' own)
  --write          keep the table in docs/torture.md
Exit 1 when anything was left 15 s after a kill.
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
  // Only now: the helpers read the project's name when they are loaded.
  const { chaos, ROOT, TEST_ENV } = await import('../helpers/chaos.ts');
  const { offeredFaults } = await import('../helpers/offered.ts');
  const { drawKills, killRuns } = await import('./kills.ts');
  const { broken, killTables } = await import('./kill-table.ts');
  const { measuredOn } = await import('./host.ts');
  const { topologyControl } = await import('../../harness/main.ts');
  const { readTopology } = await import('../../harness/plan/index.ts');
  const began = performance.now();
  const up = await chaos(['topology', 'up']);
  if (up.code !== 0) throw new Error(up.stderr);
  const env = { ...process.env, ...TEST_ENV };
  await using topology = topologyControl(readTopology([join(ROOT, 'docker-compose.chaos.yml')], env), env);
  const { faults, skipped } = await offeredFaults(topology, values.only?.split(','));
  if (faults.length === 0) throw new Error(`no fault to try: ${values.only ?? ''} ${skipped.join(', ')}`);
  const kills = await killRuns(drawKills(faults, Number(values.kills), Number(values.seed)), topology);
  await chaos(['topology', 'down']);
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
  const reports = TEST_ENV['CHAOS_REPORTS'] ?? '';
  if (bad || process.env['CHAOS_TEST_REPORTS'] !== undefined) say(`the runs are kept in ${reports}`);
  else rmSync(reports, { recursive: true, force: true });
}

if (values.help) say(HELP);
else await torture();
