import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { PlannedStep } from '../../../harness/core/plan/plan.ts';
import type { Problem } from '../../../harness/core/plan/problem.ts';
import { compose } from '../../../harness/main.ts';
import { readExperiment, type ReadResult } from '../../../harness/plan/index.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { known } from '../../helpers/known.ts';

export const BROKEN = join(ROOT, 'test', 'fixtures', 'broken');

/** Reads an experiment as the command line does, with an empty environment. */
export const read = (file: string, overrides: readonly string[] = []): ReadResult =>
  readExperiment({ file, overrides, ...known, env: {}, compose });

/** A problem in the form of the tables in these tests: "redis-loss.yaml:6:23 CHAOS_UNKNOWN_KEY". */
export const told = ({ file, line, column, code }: Problem): string =>
  `${[file.startsWith('--set') ? file : basename(file), line, column].filter((p) => p !== undefined).join(':')} ${code}`;

/** Writes this text to `experiment.yaml` in a new folder. Returns the path of the file. */
export function written(text: string | Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'plan-')), 'experiment.yaml');
  writeFileSync(file, text);
  return file;
}

/** A sound experiment, in whatever folder its file is: its paths are absolute. */
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

/** The sound experiment with these lines as its faults. The first of them is line 8 of the file. */
export const withFaults = (...lines: readonly string[]): string =>
  SOUND.replace('  - kill: { service: redis }\n', lines.map((line) => `  ${line}\n`).join(''));

/** The planned steps of the sound experiment with these lines as its faults. There must be no mistake. */
export function stepsOf(...lines: readonly string[]): readonly PlannedStep[] {
  const { plan, problems } = read(written(withFaults(...lines)));
  expect(problems).to.deep.equal([]);
  return plan?.faults ?? [];
}

/** The mistakes in it: "8:5 CHAOS_WRONG_TYPE". */
export const mistakesOf = (...lines: readonly string[]): string[] =>
  read(written(withFaults(...lines))).problems.map((problem) => told(problem).replace('experiment.yaml:', ''));
