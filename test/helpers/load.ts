import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks } from '../../harness/checks/index.ts';
import { systemClock } from '../../harness/core/clock.ts';
import type { LoadRun } from '../../harness/core/load/load.ts';
import { faults } from '../../harness/faults/index.ts';
import { openLoad } from '../../harness/load/engine.ts';
import { metrics } from '../../harness/metrics/index.ts';
import { readExperiment } from '../../harness/plan/index.ts';
import { ROOT, TEST_ENV } from './chaos.ts';

/** The Saturday's mix against the tests' own topology, at another rate, until it is stopped. */
export async function startLoad(rate: string): Promise<LoadRun> {
  const file = `${ROOT}/experiments/slow-database-link.yaml`;
  const env = { ...process.env, ...TEST_ENV };
  const { plan } = readExperiment({ file, overrides: [`load.rate=${rate}`], faults, checks, metrics, env });
  if (plan === undefined) throw new Error(`${file} is not valid`);
  const dir = mkdtempSync(join(tmpdir(), 'chaos-load-'));
  const spec = { plan: plan.load, baseUrl: plan.topology.entry, seed: 1, dir, run: 'test', maxDurationMs: 1_800_000 };
  return openLoad.start(spec, () => undefined, systemClock);
}
