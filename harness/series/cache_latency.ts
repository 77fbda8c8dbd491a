import { defineSeries } from '../core/kinds/series.ts';
import { CACHES_MS, layer, overLayers } from '../kit/series/caches.ts';

export default defineSeries({
  name: 'cache_latency',
  summary: 'How long a lookup in a cache layer takes, on average.',
  unit: 'duration',
  everyMs: CACHES_MS,
  requires: ['caches'],
  of: layer,
  example: { of: 'redis', above: '50ms' },
  read: overLayers(({ hits, misses, ms }) => ms / (hits + misses)),
});
