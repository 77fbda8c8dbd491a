import { defineSeries } from '../core/kinds/series.ts';
import { CACHES_MS, layer, overLayers } from '../kit/series/caches.ts';

export default defineSeries({
  name: 'cache_hit_ratio',
  summary: 'The share of the lookups in a cache layer that found what they looked for.',
  unit: 'share',
  everyMs: CACHES_MS,
  requires: ['caches'],
  of: layer,
  example: { of: 'redis', below: '50%' },
  read: overLayers(({ hits, misses }) => (hits / (hits + misses)) * 100),
});
