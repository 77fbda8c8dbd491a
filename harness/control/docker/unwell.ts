import { isNext } from '../../core/topology/replacing.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { ContainerState } from '../../core/topology/state.ts';
import type { Seen } from '../adapter.ts';

/** Returns what is wrong with the containers, for people: "postgres-a is starting", "app has 2 of 3 containers". */
export function unwellContainers({ services }: TopologySpec, { containers, states }: Seen): string[] {
  const wrong = states.flatMap((state, i) => {
    const what = wrongWith(state, services[containers[i]?.service ?? '']?.oneShot === true);
    return what === undefined ? [] : [`${state.container} ${what}`];
  });
  for (const { name, replicas, oneShot } of Object.values(services)) {
    const there = containers.filter((c) => c.service === name && !isNext(c)).length;
    if (there < replicas && oneShot !== true) wrong.push(`${name} has ${there} of ${replicas} containers`);
  }
  return wrong;
}

/** Says whether a one-shot container has done its work. */
export const isDone = ({ status, exitCode }: ContainerState): boolean => status === 'exited' && exitCode === 0;

function wrongWith(state: ContainerState, oneShot: boolean): string | undefined {
  const { running, paused, health, status, exitCode } = state;
  if (paused) return 'is paused';
  if (oneShot)
    return isDone(state) ? undefined : running ? 'has not ended yet' : `ended with exit code ${exitCode ?? '?'}`;
  if (!running) return `is ${status}${status === 'exited' && exitCode === 0 ? ` (${ENDED})` : ''}`;
  return health === 'none' || health === 'healthy' ? undefined : `is ${health}`;
}

const ENDED = 'with exit code 0; a service that is meant to end has one_shot: true in x-chaos.services';
