import { ChaosError } from '../../../core/errors.ts';
import { isNext } from '../../../core/topology/replacing.ts';
import type { Project } from '../project.ts';

/** Runs `docker compose` with these arguments for the files of the topology. */
export type RunCompose = (args: readonly string[]) => Promise<string>;

/**
 * Makes a container of a service again under its old name, and starts it. Compose gives a new container a number above
 * the highest. So the container that Compose made is made once more, with the old name and number.
 */
export const makeAgain = (project: Project, compose: RunCompose, service: string, name: string): Promise<void> =>
  project.inTurn(name, () => make(project, compose, service, name));

async function make(project: Project, compose: RunCompose, service: string, name: string): Promise<void> {
  const { docker, spec } = project;
  const listed = await project.list();
  const there = listed.find((c) => c.name === name);
  if (there !== undefined) return docker.start(there.id);
  // An update is about to give the place to the container that it made for it.
  const next = listed.find((c) => isNext(c) && c.place === name);
  if (next !== undefined) {
    await docker.rename(next.id, name);
    return docker.start(next.id);
  }
  // Without the number, Compose would remove the containers that a controller added. Compose counts the containers that
  // an update made beside others.
  const beside = listed.filter((c) => c.service === service && isNext(c)).length;
  const number = `${service}=${(spec.services[service]?.replicas ?? 1) + beside}`;
  const how = ['--no-start', '--no-deps', '--no-recreate', '--no-build', '--pull', 'never', '--scale', number];
  await compose(['up', ...how, service]);
  const members = (await docker.list(spec.project)).filter((c) => c.service === service);
  const made = members.find((c) => c.name === name);
  if (made !== undefined) return docker.start(made.id);
  // The new container has a number above the service's replicas. It may be left from an earlier attempt that ended
  // here.
  const surplus = members.findLast((c) => c.replica > (spec.services[service]?.replicas ?? 1));
  if (surplus === undefined) {
    throw new ChaosError('CHAOS_COMPOSE', {
      what: `docker compose did not make ${name} again`,
      hint: 'Run `chaos topology down`, then `chaos topology up`: they make the topology anew.',
      exit: 'error',
    });
  }
  await docker.start(await docker.remake(surplus, name, numberIn(name)));
}

/** Returns the number (1-based) at the end of the name that Compose gave a container. */
const numberIn = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 1);
