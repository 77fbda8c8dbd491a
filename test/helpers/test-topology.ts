import type { TopologyControl } from '../../harness/core/topology-control.ts';
import { topologyControl } from '../../harness/main.ts';
import { readTopology } from '../../harness/plan/index.ts';
import { ROOT, TEST_ENV } from './chaos.ts';

/** The tests' own topology, driven from within the test's process as a run drives it. */
export function testTopology(): TopologyControl {
  const env = { ...process.env, ...TEST_ENV };
  return topologyControl(readTopology([`${ROOT}/docker-compose.chaos.yml`], env), env);
}
