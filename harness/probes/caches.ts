import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import type { Probe, ProbeContext } from '../core/kinds/probe.ts';
import { containerName } from '../core/topology/aim.ts';
import { vantageOf } from '../core/topology/witness.ts';
import { parseMetrics, sumBy } from '../kit/prometheus.ts';

const EVERY_MS = 5_000;

/** Records the application's own counters, summed over its replicas. A dead replica keeps its last figures. */
async function startReplicas({ run, topology, clock, emit }: ProbeContext): Promise<AsyncDisposable> {
  const latest = new Map<string, string>();
  const started = topology.spec.metrics.map((name) => {
    const service = topology.spec.services[name];
    const { port, replicas } = service ?? { port: undefined, replicas: 0 };
    if (port === undefined) return undefined;
    const questions = Array.from({ length: replicas }, (_, i) => ({
      id: containerName(topology.spec, name, i + 1),
      protocol: 'http' as const,
      host: containerName(topology.spec, name, i + 1),
      port,
      path: '/metrics',
      everyMs: EVERY_MS,
    }));
    return topology.witnesses.witness(vantageOf(topology.spec, name), run, questions, (answer) => {
      if (answer.ok && answer.body !== undefined) latest.set(answer.id, answer.body);
    });
  });
  const witnesses = await Promise.all(started.filter((w) => w !== undefined));
  const report = repeatedly(EVERY_MS, () => {
    const samples = [...latest.values()].flatMap(parseMetrics);
    const t = clock.now();
    const total = (metric: string): Map<string, number> => sumBy(samples, metric, ['layer', 'pattern']);
    const hits = total('cache_hits_total');
    const misses = total('cache_misses_total');
    const evictions = total('cache_evictions_total');
    const seconds = total('cache_lookup_seconds_sum');
    const lookups = total('cache_lookup_seconds_count');
    for (const key of new Set([...hits.keys(), ...misses.keys()])) {
      const [layer = '', pattern = ''] = key.split('|');
      if (layer !== 'application' && layer !== 'redis') continue;
      const count = lookups.get(key) ?? 0;
      emit({
        t,
        kind: 'cache',
        layer,
        pattern,
        hits: hits.get(key) ?? 0,
        misses: misses.get(key) ?? 0,
        evictions: evictions.get(key) ?? 0,
        average_ms: count > 0 ? ((seconds.get(key) ?? 0) / count) * 1_000 : null,
      });
    }
    return Promise.resolve();
  });
  return together([report, ...witnesses]);
}

/** Records whether the edge answers from its cache, path by path: a header of the answer says so. */
function startEdge({ topology, clock, emit }: ProbeContext): AsyncDisposable {
  const { header, paths } = topology.spec.edgeCache ?? { header: '', paths: [] };
  const seen = new Map(paths.map((path) => [path, { hits: 0, misses: 0, ms: 0 }]));
  return repeatedly(1_000, async () => {
    for (const [path, counts] of seen) {
      const began = clock.now();
      const response = await fetch(`${topology.spec.entry}${path}`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      const status = response.headers.get(header);
      if (status === null || !response.ok) continue;
      if (status === 'HIT' || status === 'STALE' || status === 'UPDATING') counts.hits += 1;
      else counts.misses += 1;
      counts.ms += clock.now() - began;
      const { hits, misses, ms } = counts;
      emit({
        t: clock.now(),
        kind: 'cache',
        layer: 'cdn',
        pattern: path,
        hits,
        misses,
        evictions: 0,
        average_ms: ms / (hits + misses),
      });
    }
  });
}

const probe: Probe = {
  name: 'caches',
  summary:
    'Hits, misses and evictions of memory and Redis as the application counts them, and of the edge by its header.',
  requires: ['caches'],
  async start(ctx) {
    return together([await startReplicas(ctx), startEdge(ctx)]);
  },
};

export default probe;
