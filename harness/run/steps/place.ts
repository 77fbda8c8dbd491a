import { candidates, containerName } from '../../core/topology/aim.ts';
import { type Command, containerOf } from '../../core/topology/command.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { UndoStep } from '../../core/topology/undo.ts';

/** Returns the container that must run so that a command can be carried out. Undefined for SQL: it needs the
 * primary, and any node of the database may be the primary. */
export function placeOf(command: Command, spec: TopologySpec): string | undefined {
  return 'redis' in command ? first(spec, spec.redisService) : containerOf(command);
}

/** Returns the container in which the proxies are. */
export const placeOfProxies = (spec: TopologySpec): string | undefined => first(spec, spec.toxiproxyService);

/** Returns the container that must run so that an undo step can be carried out. */
export function placeOfStep(step: UndoStep, spec: TopologySpec): string | undefined {
  if (step.do === 'command') return placeOf(step.command, spec);
  return step.do === 'remove-toxic' || step.do === 'enable-proxy' ? placeOfProxies(spec) : undefined;
}

/** Returns the containers of which one must be the primary, so that an undo step with SQL can be carried out. */
export const nodesFor = (step: UndoStep, spec: TopologySpec): readonly string[] =>
  step.do === 'command' && 'sql' in step.command
    ? Object.keys(spec.groups).flatMap((group) => candidates(spec, { service: group }))
    : [];

const first = (spec: TopologySpec, service: string | undefined): string | undefined =>
  service === undefined ? undefined : containerName(spec, service, 1);
