import { ChaosError } from '../../../core/errors.ts';
import { isBeside, isNext } from '../../../core/topology/replacing.ts';
import { eachInTurns } from '../../../core/settled.ts';
import type { Residue } from '../../../core/topology/residue.ts';
import type { TopologySpec } from '../../../core/topology/spec.ts';
import type { ListedContainer } from '../docker.ts';
import type { Project } from '../project.ts';
import type { RunCompose } from './make.ts';
import { ADDED_LABEL } from './remake.ts';

/** So many containers start, or stop, at the same time. Fifty at once would leave those that serve no processor. */
const AT_ONCE = 8;
/** On a busy host the engine may need so long for one of them, milliseconds: measured, more than ten seconds. */
const MAKE_MS = 60_000;

/**
 * Gives a service `replicas` containers. The containers with the highest numbers are removed. A new container is a copy
 * of the container with the lowest number. Only the first container of a service that has none comes from Compose:
 * Compose would apply changes of the compose file, and start containers that a fault has stopped. A later call for the
 * service waits until this one has ended, and this one then makes no further container.
 */
export function scale(project: Project, compose: RunCompose, service: string, replicas: number): Promise<void> {
  project.ask(service, replicas);
  return project.inTurn(`the number of ${service}`, () => scaleNow(project, compose, service, replicas));
}

async function scaleNow(project: Project, compose: RunCompose, service: string, replicas: number): Promise<void> {
  const { docker } = project;
  const isOutdated = (): boolean => (project.spec.services[service]?.replicas ?? replicas) !== replicas;
  const there = await membersOf(project, service);
  await takeAwayBeyond(replicas, there, project);
  const members = there.length > 0 || replicas === 0 ? there : [await makeFirst(project, compose, service)];
  const [like] = members;
  if (like === undefined) return;
  const highest = Math.max(...members.map((c) => c.replica));
  const added = Array.from({ length: Math.max(0, replicas - members.length) }, (_, i) => highest + i + 1);
  await eachInTurns(added, AT_ONCE, async (number) => {
    if (isOutdated()) return;
    await docker.start(
      await docker.copy(like, `${project.spec.project}-${service}-${number}`, number, MAKE_MS),
      MAKE_MS,
    );
  });
  // The containers are others than before, so the description of the topology needs their names.
  await project.list();
}

/**
 * Calls Compose with these arguments. Containers beyond `--scale service=n` are taken away before: Compose would remove
 * their logs with them, and the log has the requests that they answered.
 */
export async function composeKeepingLogs(
  project: Project,
  compose: RunCompose,
  args: readonly string[],
): Promise<string> {
  for (const { service, replicas } of scalesIn(args))
    await takeAwayBeyond(replicas, await membersOf(project, service), project);
  return compose(args);
}

/** Returns the containers of a service, without those that wait beside one of them to take its place. */
export async function membersOf(project: Project, service: string): Promise<readonly ListedContainer[]> {
  const listed = await project.list();
  return listed.filter((c) => c.service === service && !isBeside(c, listed));
}

const takeAwayBeyond = (replicas: number, there: readonly ListedContainer[], project: Project): Promise<void> =>
  eachInTurns(there.slice(replicas), AT_ONCE, (c) => takeAway(project, c));

/** Returns what `--scale` says in the arguments of Compose: `--scale app=3` and `--scale=app=3`. */
export const scalesIn = (args: readonly string[]): readonly { readonly service: string; readonly replicas: number }[] =>
  args.flatMap((arg, i) => {
    const [, service, replicas] = /^(?:--scale=)?([^=]+)=(\d+)$/.exec(arg) ?? [];
    const meant = arg.startsWith('--scale=') || args[i - 1] === '--scale';
    return meant && service !== undefined ? [{ service, replicas: Number(replicas) }] : [];
  });

/**
 * Makes and starts the first container of a service that has none. It is made once more with the label of a container
 * that a controller added: otherwise the audit would not know that it is one too many.
 */
async function makeFirst(project: Project, compose: RunCompose, service: string): Promise<ListedContainer> {
  const { docker, spec } = project;
  const how = ['--no-start', '--no-deps', '--no-recreate', '--no-build', '--pull', 'never'];
  await compose(['up', ...how, '--scale', `${service}=1`, service]);
  const made = (await docker.list(spec.project)).find((c) => c.service === service && !isNext(c));
  if (made === undefined) throw notMade(spec, service);
  const id = await docker.remake(made, made.name, made.replica, { [ADDED_LABEL]: 'true' });
  await docker.start(id);
  return { ...made, id, added: true };
}

/**
 * The container has the time that it was made with to finish its work. What it has logged is kept: its requests are followed
 * from hop to hop when it is gone.
 */
async function takeAway(project: Project, container: ListedContainer): Promise<void> {
  const { docker } = project;
  await docker.unpause(container.id);
  await docker.end(container.id);
  await project.keepLog(container);
  await docker.remove(container.id);
}

/**
 * Returns the surplus containers of services that have more containers than they shall have. Only containers that a
 * controller added count: a container that a person added by hand is no residue.
 */
export const surplusContainers = (
  containers: readonly ListedContainer[],
  { services }: Pick<TopologySpec, 'services'>,
): readonly ListedContainer[] =>
  Object.values(services).flatMap(({ name, replicas }) => {
    const members = containers.filter((c) => c.service === name && !isNext(c));
    const added = members.filter((c) => c.added === true);
    const beyond = Math.min(added.length, Math.max(0, members.length - replicas));
    return added.slice(added.length - beyond);
  });

export const surplusResidue = (
  containers: readonly ListedContainer[],
  spec: Pick<TopologySpec, 'services'>,
): Residue[] =>
  surplusContainers(containers, spec).map(({ name }) => ({
    kind: 'surplus container',
    target: name,
    how_to_undo: `docker rm -f ${name}`,
  }));

const notMade = ({ project }: TopologySpec, service: string): ChaosError =>
  new ChaosError('CHAOS_COMPOSE', {
    what: `docker compose made no container of ${service} in project ${project}`,
    hint: 'Does the compose file have this service without a profile? `chaos topology up` makes what is missing.',
    exit: 'error',
  });
