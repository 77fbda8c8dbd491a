import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { say } from './figures.ts';
import type { About } from './kill-table.ts';
import type { Ground, Subject } from './kills.ts';

// Kills the harness at seeded moments of every fault, or of a scaler, a third of the times with its guardian, and measures
// which residue is left and for how long.
const HELP = `Usage: npm run torture -- [--kills 100] [--seed 1] [--only FAULT,FAULT] [--scaling] [--project NAME] [--write]
  --kills N        how often the harness is killed (SIGKILL), at each fault and each moment in turn; with --scaling 30
  --seed N         the seed of the order and of the moments
  --only NAMES     only these faults
  --scaling        instead of faults: a scaler that brings replicas of the app and takes them away. The app and its balancer
                   must be as they were: the same containers, and all of them with requests
  --project NAME   the topology's project (default: the tests' own)
  --write          write the tables into docs/torture.md, and leave the other part of the page as it is
Exit 1 when a kill left residue after 15 s, missed its moment, or its run is not listed as INTERRUPTED.
Example: npm run torture -- --kills 8 --only kill,latency`;

const PARTS = ['faults', 'scaling'] as const;

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    scaling: { type: 'boolean', default: false },
    project: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** What is tried, and how the page speaks of it. */
interface Trial {
  readonly part: (typeof PARTS)[number];
  readonly title: string;
  readonly subjects: readonly Subject[];
  readonly times: number;
  readonly about: About;
}

async function trialOf(topology: TopologyControl): Promise<Trial> {
  const { faultSubject, SCALER } = await import('./subjects.ts');
  const { FAULT_MOMENTS, SCALER_MOMENTS } = await import('./moments.ts');
  if (values.scaling)
    return {
      part: 'scaling',
      title: 'A scaler',
      subjects: [SCALER],
      times: Number(values.kills ?? 30),
      about: {
        moments: SCALER_MOMENTS,
        subject: 'scaler',
        promised: 'left no residue after 15 s, the same containers of the app, and each of them with requests',
      },
    };
  const { offeredFaults } = await import('../helpers/offered.ts');
  const { faults, skipped } = await offeredFaults(topology, values.only?.split(','));
  if (faults.length === 0) throw new Error(`there is no fault to try: ${values.only ?? ''} ${skipped.join(', ')}`);
  return {
    part: 'faults',
    title: 'Faults',
    subjects: faults.map(faultSubject),
    times: Number(values.kills ?? 100),
    about: { moments: FAULT_MOMENTS, subject: 'fault', promised: 'left no residue after 15 s', skipped },
  };
}

async function torture(): Promise<void> {
  if (values.project !== undefined) process.env['CHAOS_TEST_PROJECT'] = values.project;
  // Loaded only now: the helpers read the project's name when they are loaded.
  const { chaos, PLANTED } = await import('../helpers/chaos.ts');
  const { cloneInto } = await import('../helpers/clone.ts');
  const { testTopology } = await import('../helpers/test-topology.ts');
  const { writeParts } = await import('../helpers/parts.ts');
  const { drawKills, killRuns } = await import('./kills.ts');
  const { broken, killTables } = await import('./kill-table.ts');
  const { measuredOn } = await import('./host.ts');
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
  await using topology = testTopology();
  const { part, title, subjects, times, about } = await trialOf(topology);
  const kills = await killRuns(drawKills(subjects, times, Number(values.seed)), ground, topology);
  await chaos(['topology', 'down'], ground.env, ground.own);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  const more = [
    ...(values.only === undefined ? [] : ['--only', values.only]),
    ...(values.scaling ? ['--scaling'] : []),
  ];
  const command = ['npm run torture --', `--kills ${times} --seed ${values.seed}`, ...more].join(' ');
  const origin = `${measuredOn(command)} It took ${minutes} minutes.`;
  const text = `## ${title}\n\n${origin}\n\n${killTables(kills, about)}`;
  say(`\n${text}`);
  if (values.write) await writeParts('docs/torture.md', 'torture', PARTS, new Map([[part, text]]));
  const bad = kills.some((kill) => broken(kill) !== undefined);
  if (bad) process.exitCode = 1;
  if (bad) say(`everything is kept in ${folder}, the runs in ${reports}`);
  else rmSync(folder, { recursive: true, force: true });
}

if (values.help) say(HELP);
else await torture();
