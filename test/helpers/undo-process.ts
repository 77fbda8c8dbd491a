import { readFileSync } from 'node:fs';
import { DockerControl } from '../../harness/control/docker.ts';
import { ComposeTopology } from '../../harness/control/topology.ts';
import type { UndoStep } from '../../harness/core/undo.ts';
import { readTopology } from '../../harness/plan/index.ts';

// Carries out undo steps that another process wrote down: its arguments are the compose file and the steps' file.
const [compose = '', steps = ''] = process.argv.slice(2);
const spec = readTopology([compose], process.env);
await using topology = new ComposeTopology({ spec, docker: new DockerControl(), env: process.env });
for (const step of JSON.parse(readFileSync(steps, 'utf8')) as UndoStep[]) await topology.undo(step);
