import { seededRandom } from '../../harness/core/random.ts';
import { parseMetrics, sumBy } from '../../harness/kit/prometheus.ts';
import { chaos, TEST_ENV } from '../helpers/chaos.ts';
import { container, docker } from '../helpers/docker.ts';
import { row } from './figures.ts';
import { ownCodeUs } from './own-code.ts';

const RATE = '278/s';
const REPLICAS = [1, 2, 3];
const NODES = ['postgres-a', 'postgres-b'];
const PHOTOS = 200;
const PHOTO_REQUESTS = 2_000;
const BLOCKS = `select sum(blks_hit) || ' ' || sum(blks_read) from pg_stat_database where datname = 'wedsync'`;

/** Lookups in one layer, for one kind of data. */
interface Looked {
  readonly layer: string;
  readonly of: string;
  readonly hits: number;
  readonly misses: number;
}

interface Caches {
  readonly seconds: number;
  readonly looked: readonly Looked[];
  /** Microseconds of a replica's CPU for a request. */
  readonly cpuUs: number;
  /** The part of them that is the app's own code, apart from its routes. */
  readonly ownUs: number;
}

/** What the three replicas have counted so far. */
interface Counted {
  /** By "layer|kind of data". */
  readonly hits: ReadonlyMap<string, number>;
  readonly misses: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly cpuSeconds: number;
}

async function replicas(): Promise<Counted> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  const texts = await Promise.all(
    REPLICAS.map(async (replica) => {
      const [address] = docker('inspect', '--format', format, container('app', replica)).split(' ');
      return (await fetch(`http://${address}:3000/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
    }),
  );
  const samples = texts.flatMap(parseMetrics);
  const by = ['layer', 'pattern'];
  return {
    hits: sumBy(samples, 'cache_hits_total', by),
    misses: sumBy(samples, 'cache_misses_total', by),
    requests: sumBy(samples, 'http_requests_total', []).get('') ?? NaN,
    cpuSeconds: sumBy(samples, 'process_cpu_seconds_total', []).get('') ?? NaN,
  };
}

/** Pages that both nodes found in their shared buffers, and pages that they read from the kernel. */
function buffers(): readonly [hits: number, misses: number] {
  const counts = NODES.map((node) => {
    const psql = ['psql', '-h', '/var/run/postgresql', '-U', 'postgres', '-d', 'wedsync', '-Atc', BLOCKS];
    return docker('exec', container(node), ...psql)
      .split(' ')
      .map(Number);
  });
  const sum = (at: number): number => counts.reduce((total, one) => total + (one[at] ?? 0), 0);
  return [sum(0), sum(1)];
}

/** Asks the edge for photos at random, as the guests of a wedding do, and counts what its header says. */
async function edge(): Promise<Looked> {
  const random = seededRandom(15);
  let hits = 0;
  for (let i = 0; i < PHOTO_REQUESTS; i += 1) {
    const photo = Math.floor(random() * PHOTOS) + 1;
    const answer = await fetch(`http://127.0.0.1:${TEST_ENV['CHAOS_HTTP_PORT']}/photos/${photo}`);
    await answer.arrayBuffer();
    if (answer.headers.get('x-cache-status') === 'HIT') hits += 1;
  }
  const of = `${PHOTO_REQUESTS.toLocaleString('en-GB')} requests for ${PHOTOS} photos`;
  return { layer: 'edge', of, hits, misses: PHOTO_REQUESTS - hits };
}

/** Offers the workload saturday, and reads before and after how often each layer was asked and had the answer. */
export async function measureCaches(seconds: number): Promise<Caches> {
  const base = `http://127.0.0.1:${TEST_ENV['CHAOS_HTTP_PORT']}`;
  const first = { app: await replicas(), buffers: buffers() };
  const load = ['load', '--workload', 'experiments/workloads/saturday.yaml', '--base-url', base];
  const { code, stderr } = await chaos([...load, '--rate', RATE, '--for', `${seconds}s`]);
  if (code !== 0) throw new Error(stderr);
  const last = { app: await replicas(), buffers: buffers() };
  const since = (kind: 'hits' | 'misses', key: string): number =>
    (last.app[kind].get(key) ?? 0) - (first.app[kind].get(key) ?? 0);
  const app = [...last.app.misses.keys()].sort().map((key) => {
    const [layer = '', of = ''] = key.split('|');
    return {
      layer: layer === 'application' ? 'memory' : layer,
      of,
      hits: since('hits', key),
      misses: since('misses', key),
    };
  });
  const [hits, misses] = last.buffers.map((count, at) => count - (first.buffers[at] ?? 0));
  const postgres = { layer: 'PostgreSQL', of: 'pages, both nodes', hits: hits ?? NaN, misses: misses ?? NaN };
  return {
    seconds,
    looked: [await edge(), ...app, postgres],
    cpuUs: ((last.app.cpuSeconds - first.app.cpuSeconds) * 1e6) / (last.app.requests - first.app.requests),
    ownUs: ownCodeUs(),
  };
}

export const cacheTable = ({ seconds, looked, cpuUs, ownUs }: Caches): string =>
  [
    `The workload saturday at ${RATE} for ${seconds} s, three replicas, caches empty at the beginning. Each request comes from another user, so 10,000 vendors are asked for equally often.`,
    '',
    row('layer', 'what', 'lookups', 'found', 'share'),
    row('---', '---', '---:', '---:', '---:'),
    ...looked.map(({ layer, of, hits, misses }) => {
      const all = hits + misses;
      const share = all === 0 ? '–' : `${((hits / all) * 100).toFixed(1)} %`;
      return row(layer, of, all.toLocaleString('en-GB'), hits.toLocaleString('en-GB'), share);
    }),
    '',
    `A replica took ${Math.round(cpuUs)} µs of CPU for a request; ${ownUs.toFixed(1)} µs of them are the app's own code for the target, the router, the metrics and the text of the log line.`,
  ].join('\n');
