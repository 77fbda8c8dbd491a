import type { ContainerState } from '../../../harness/core/topology/state.ts';

/** Returns the state of a healthy container that was never restarted, with the given values changed. */
export const containerState = (over: Partial<ContainerState> = {}): ContainerState => ({
  container: 'chaos-app-1',
  status: 'running',
  running: true,
  paused: false,
  pid: 42,
  restarts: 0,
  startedAt: 1,
  finishedAt: 0,
  health: 'healthy',
  oomKilled: false,
  limits: { cpus: undefined, memoryBytes: undefined },
  networks: { chaos_wedsync: { ip: '172.30.77.5', aliases: ['app'] } },
  ...over,
});
