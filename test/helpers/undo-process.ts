import { readFileSync } from 'node:fs';
import type { UndoStep } from '../../harness/core/undo.ts';
import { testTopology } from './test-topology.ts';

// Carries out undo steps that another process wrote down, in the file of its argument.
const [, , steps = ''] = process.argv;
await using topology = testTopology();
for (const step of JSON.parse(readFileSync(steps, 'utf8')) as UndoStep[]) await topology.undo(step);
