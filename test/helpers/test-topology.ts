import type { TopologyControl } from '../../harness/core/topology/control.ts';
import { topologyControl, topologySpec } from '../../harness/main.ts';
import { ROOT, TEST_ENV } from './chaos.ts';

/**
 * The tests' own topology, controlled from the test's process as a run controls it. `own`: the variables with which it
 * was brought up, beside those of every test.
 */
export function testTopology(own: Readonly<Record<string, string>> = {}): TopologyControl {
  const env = { ...process.env, ...TEST_ENV, ...own };
  return topologyControl(topologySpec([`${ROOT}/docker-compose.chaos.yml`], env), env);
}
