import { named, type Scene } from '../scene.ts';
import type { Container } from '../world.ts';
import type { Known } from './known.ts';

/** Returns a container with a network namespace. A paused container has one, and a stopped container has none. */
function networked(scene: Scene, name: string): Container {
  const container = named(scene, name);
  if (container.state === 'stopped') throw new Error(`${name} is stopped and has no network`);
  return container;
}

function setQueue(scene: Scene, name: string, queue: readonly string[] | undefined): void {
  for (const attachment of Object.values(networked(scene, name).networks)) attachment.queue = queue;
}

/** The rules and queues of a container's network. */
export const NETWORKS: readonly Known[] = [
  {
    is: 'add-rules',
    does:
      (...lines) =>
      (scene, container) => {
        const { rules } = networked(scene, container).inside;
        for (const line of lines) {
          if (line.includes(' -I ')) rules.unshift(line.replace(' -I ', ' -A '));
          else rules.push(line);
        }
      },
  },
  {
    is: 'remove-rules',
    does: (mark) => (scene, container) => {
      const { rules } = networked(scene, container).inside;
      const kept = rules.filter((rule) => !rule.includes(`--comment ${mark} `));
      rules.splice(0, rules.length, ...kept);
    },
  },
  {
    is: 'start-netem',
    does:
      (...words) =>
      (scene, container) =>
        setQueue(scene, container, words),
  },
  { is: 'end-netem', does: () => (scene, container) => setQueue(scene, container, undefined) },
  {
    // Prints the port on which the engine answers questions for names.
    is: /^iptables -w 2 -t nat -S DOCKER_OUTPUT \| sed -n .*--to-destination 127\.0\.0\.11:/,
    does: () => (scene, container) => {
      const { rules } = networked(scene, container).inside;
      return rules.map((rule) => /--to-destination 127\.0\.0\.11:(\d+)$/.exec(rule)?.[1]).find(Boolean);
    },
  },
];
