import { parseMetrics } from '../../harness/kit/prometheus.ts';
import { becomesEmpty, containersOf, docker } from '../helpers/docker.ts';

/** The balancer's page of figures, asked inside its container: no port of it is published. */
const METRICS = String.raw`exec 3<>/dev/tcp/127.0.0.1/8404 && printf 'GET /metrics?scope=server&no-maint HTTP/1.0\r\n\r\n' >&3 && cat <&3`;

/** The backends from which a replica gets its requests. */
const BACKENDS = ['reads', 'writes'] as const;

/** The replicas of the app, and what the balancers know of them. */
export interface Replicas {
  /** The containers of the app by name, stopped ones too, each with its id. */
  readonly containers: ReadonlyMap<string, string>;
  /** How many servers get requests, by balancer and backend: "chaos-test-balancer-1 reads". */
  readonly serving: ReadonlyMap<string, number>;
}

/** Returns how many servers of each backend get requests: those that are up and have a weight. */
export function servingOf(metrics: string): ReadonlyMap<string, number> {
  const samples = parseMetrics(metrics);
  const servers = (name: string, state?: string): ReadonlySet<string> =>
    new Set(
      samples.flatMap(({ name: own, labels, value }) =>
        own === name && value > 0 && labels['state'] === state ? [`${labels['proxy']} ${labels['server']}`] : [],
      ),
    );
  const up = servers('haproxy_server_status', 'UP');
  const get = [...servers('haproxy_server_weight')].filter((server) => up.has(server));
  return new Map(BACKENDS.map((backend) => [backend, get.filter((s) => s.startsWith(`${backend} `)).length]));
}

/** Says what is otherwise than before. */
export function differences(before: Replicas, now: Replicas): readonly string[] {
  const made = [...now.containers.keys()].filter((name) => !before.containers.has(name));
  const lost = [...before.containers].flatMap(([name, id]) => {
    const own = now.containers.get(name);
    if (own === id) return [];
    return [own === undefined ? `${name} is gone` : `${name} is another container than before`];
  });
  const served = [...before.serving].flatMap(([backend, count]) => {
    const own = now.serving.get(backend) ?? 0;
    return own === count ? [] : [`${backend} has ${own} servers that get requests, and had ${count}`];
  });
  return [...made.map((name) => `${name} was not there before`), ...lost, ...served];
}

function look(): Replicas {
  const ids = docker('inspect', '--format', '{{.Name}} {{.Id}}', ...containersOf('app'));
  const serving = containersOf('balancer').flatMap((balancer) =>
    [...servingOf(docker('exec', balancer, 'bash', '-c', METRICS))].map(
      ([backend, count]) => [`${balancer} ${backend}`, count] as const,
    ),
  );
  return {
    containers: new Map(
      ids.split('\n').map((line) => {
        const [name = '', id = ''] = line.replace(/^\//, '').split(' ');
        return [name, id] as const;
      }),
    ),
    serving: new Map(serving),
  };
}

/** After the way up, the balancer may need a moment to give every replica its weight. Milliseconds. */
const SERVING_MS = 15_000;

/**
 * Waits until every replica of the app gets requests, and looks at the replicas and the balancers. Each call of the
 * result says what is otherwise by now.
 */
export async function remember(): Promise<() => readonly string[]> {
  const { left } = await becomesEmpty(() => unserved(look()), SERVING_MS);
  if (left.length > 0) throw new Error(`the topology is not whole before the run: ${left.join('; ')}`);
  const before = look();
  return () => differences(before, look());
}

function unserved({ containers, serving }: Replicas): string[] {
  if (serving.size === 0) return ['there is no balancer'];
  return [...serving].flatMap(([backend, count]) =>
    count === containers.size ? [] : [`${backend} has ${count} servers that get requests, for ${containers.size}`],
  );
}
