import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../harness/core/clock.ts';
import type { LoadRun } from '../../harness/core/load/load.ts';
import { openLoad } from '../../harness/load/engine.ts';
import { compose } from '../../harness/main.ts';
import { readExperiment } from '../../harness/plan/index.ts';
import { ROOT, TEST_ENV } from './chaos.ts';
import { known } from './known.ts';

/**
 * Starts the load of slow-database-link.yaml against the tests' topology at this rate. It runs until it is stopped, and
 * stops by itself after `maxDurationMs`.
 */
export async function startLoad(rate: string, maxDurationMs = 1_800_000): Promise<LoadRun> {
  const file = `${ROOT}/experiments/slow-database-link.yaml`;
  const env = { ...process.env, ...TEST_ENV };
  const { plan } = readExperiment({ file, overrides: [`load.rate=${rate}`], ...known, env, compose });
  if (plan === undefined) throw new Error(`${file} is not valid`);
  const dir = mkdtempSync(join(tmpdir(), 'chaos-load-'));
  const spec = { plan: plan.load, baseUrl: plan.topology.entry, seed: 1, dir, run: 'test', maxDurationMs };
  return openLoad.start(spec, () => undefined, systemClock);
}
