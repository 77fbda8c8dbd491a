import { readFileSync } from 'node:fs';
import type { UndoStep } from '../../harness/core/topology/undo.ts';
import { testTopology } from './test-topology.ts';

// Carries out the undo steps that another process wrote into the file that the argument names.
const [, , steps = ''] = process.argv;
await using topology = testTopology();
for (const step of JSON.parse(readFileSync(steps, 'utf8')) as UndoStep[]) await topology.undo(step);
