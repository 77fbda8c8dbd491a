import { defineSeries } from '../core/kinds/series.ts';
import { CACHES_MS, layer, overLayers } from '../kit/series/caches.ts';

export default defineSeries({
  name: 'cache_evictions',
  summary: 'How many entries per second a cache layer evicts.',
  unit: 'per second',
  everyMs: CACHES_MS,
  requires: ['caches'],
  of: layer,
  example: { of: 'application', above: '100/s' },
  read: overLayers(({ evictions }, ms) => (evictions * 1_000) / ms),
});
