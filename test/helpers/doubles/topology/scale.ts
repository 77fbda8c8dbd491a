import { named, type Scene } from './scene.ts';

/** A container that is to take the place of another counts when the place is free. */
const membersOf = ({ world }: Scene, service: string): string[] =>
  Object.entries(world.containers)
    .filter(([, { service: of, place }]) => of === service && (place === undefined || !(place in world.containers)))
    .map(([name]) => name)
    .sort((a, b) => numberIn(a) - numberIn(b));

const numberIn = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 1);

export const count = (scene: Scene, service: string): number => membersOf(scene, service).length;

/** Gives a service so many containers. Those with the highest numbers go. New ones are like the first. */
export function scale(scene: Scene, service: string, replicas: number): void {
  const members = membersOf(scene, service);
  scene.asked.set(service, replicas);
  for (const name of members.slice(replicas)) delete scene.world.containers[name];
  const [like = `${scene.spec.project}-${service}-1`] = members;
  for (let n = members.length; n < replicas; n += 1) {
    const name = `${scene.spec.project}-${service}-${n + 1}`;
    scene.world.containers[name] = structuredClone(scene.sound.containers[name] ?? named(scene, like));
    scene.past.push(`${name} was made`);
  }
}
