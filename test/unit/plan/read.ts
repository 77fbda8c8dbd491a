import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { checks } from '../../../harness/checks/index.ts';
import type { Problem } from '../../../harness/core/problem.ts';
import { faults } from '../../../harness/faults/index.ts';
import { metrics } from '../../../harness/metrics/index.ts';
import { readExperiment, type ReadResult } from '../../../harness/plan/index.ts';
import { ROOT } from '../../helpers/chaos.ts';

export const BROKEN = join(ROOT, 'test', 'fixtures', 'broken');

/** Reads an experiment as the command line does, with an empty environment. */
export const read = (file: string, overrides: readonly string[] = []): ReadResult =>
  readExperiment({ file, overrides, faults, checks, metrics, env: {} });

/** "redis-loss.yaml:6:23 CHAOS_UNKNOWN_KEY": a problem as a line of a table has it. */
export const told = ({ file, line, column, code }: Problem): string =>
  `${[file.startsWith('--set') ? file : basename(file), line, column].filter((p) => p !== undefined).join(':')} ${code}`;

/** An experiment over the sound fixture's topology and workload, with some of its lines replaced; answers its path. */
export function written(text: string | Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'experiment.yaml');
  writeFileSync(file, text);
  return file;
}

/** A sound experiment in any folder. */
export const SOUND = `title: Losing Redis fails no request
topology: ${join(BROKEN, 'compose.yml')}
load:
  rate: 278/s
  workload: ${join(BROKEN, 'workload.yaml')}
phases: { baseline: 20s, fault: 30s, recovery: 20s }
faults:
  - kill: { service: redis }
hypotheses:
  - errors: { below: 0.1%, during: [fault] }
`;
