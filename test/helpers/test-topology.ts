import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { topologyControl, topologySpec } from '../../harness/main.ts';
import { ROOT, TEST_ENV } from './chaos.ts';

/** The tests' own topology, controlled from the test's process as a run controls it. */
export function testTopology(): TopologyControl {
  const env = { ...process.env, ...TEST_ENV };
  return topologyControl(topologySpec([`${ROOT}/docker-compose.chaos.yml`], env), env);
}
