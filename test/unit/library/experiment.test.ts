import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, it } from 'mocha';
import type { Experiment } from '../../../harness/library/experiment.ts';
import { experimentSchema } from '../../../harness/plan/index.ts';
import { experimentTypes } from '../../../scripts/experiment-types.ts';
import { ROOT } from '../../helpers/chaos.ts';
import { known } from '../../helpers/known.ts';

const FILE = join(ROOT, 'harness', 'library', 'experiment.ts');

/** It is compiled, or not: `tsc` checks this file. */
export const sound: Experiment = {
  title: 'Losing Redis fails no request',
  topology: ['compose.yml', 'more.yml'],
  load: { workload: 'workload.yaml', rate: '278/s' },
  phases: { baseline: '20s', fault: '30s', recovery: '20s' },
  faults: [{ sequence: [{ kill: { service: 'redis', for: '5s' } }, { restart: { service: 'app' } }] }],
  hypotheses: [{ errors: { below: '0.1%', during: ['fault'] } }],
};
// @ts-expect-error an unknown fault
export const unknownFault: Experiment = { ...sound, faults: [{ kil: { service: 'redis' } }] };
// @ts-expect-error a key that the fault does not have
export const unknownKey: Experiment = { ...sound, faults: [{ kill: { servce: 'redis' } }] };
// @ts-expect-error a phase that is not judged
export const unknownPhase: Experiment = { ...sound, hypotheses: [{ errors: { below: '1%', during: ['warmup'] } }] };

describe('the type of experiments', function () {
  // Prettier formats the whole file.
  this.timeout(20_000);

  it('is the one that `npm run generate` makes from the schema', async () => {
    const text = experimentTypes(experimentSchema(known) as Parameters<typeof experimentTypes>[0]);
    expect(readFileSync(FILE, 'utf8')).to.equal(await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }));
  });
});
