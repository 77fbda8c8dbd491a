import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Series } from '../../../harness/core/kinds/series.ts';
import type { EventOf } from '../../../harness/core/record/events.ts';
import evictions from '../../../harness/series/cache_evictions.ts';
import hitRatio from '../../../harness/series/cache_hit_ratio.ts';
import latency from '../../../harness/series/cache_latency.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';

type Counted = Partial<EventOf<'cache'>>;

const counters = (t: number, over: Counted): EventOf<'cache'> => ({
  kind: 'cache',
  t,
  layer: 'redis',
  pattern: 'dashboard:*',
  hits: 0,
  misses: 0,
  evictions: 0,
  average_ms: null,
  ...over,
});

const values = (series: Series, of: string | undefined, events: readonly EventOf<'cache'>[]): unknown[] => {
  const read = series.read(of, SMALL_PLAN.topology);
  return events.flatMap((event) => read(event).map(({ labels, value }) => [labels?.['layer'], value]));
};

describe('the series of caches', () => {
  it('are about what was counted since the reading before, over all patterns of a layer', () => {
    const events = [
      counters(0, { hits: 1_000, misses: 1_000 }),
      counters(1, { pattern: 'clients:*', hits: 10 }),
      counters(5_000, { hits: 1_060, misses: 1_020, evictions: 50 }),
      counters(5_001, { pattern: 'clients:*', hits: 30 }),
      counters(10_000, {}),
    ];
    // The counters of one moment end the reading before them: their own growth is in the next one.
    expect(values(hitRatio, 'redis', events)).to.deep.equal([['redis', 80]]);
    expect(values(evictions, 'redis', events)).to.deep.equal([
      ['redis', 0],
      ['redis', 10],
    ]);
  });

  it('take a replica that began to count from 0 for no growth, and never for a negative one', () => {
    const events = [
      counters(0, { hits: 500, misses: 500 }),
      counters(5_000, { hits: 10, misses: 0 }),
      counters(10_000, { hits: 20, misses: 10 }),
      counters(15_000, {}),
    ];
    expect(values(hitRatio, 'redis', events)).to.deep.equal([['redis', 50]]);
  });

  it('say nothing of a layer without lookups, and of another layer', () => {
    const still = [0, 5_000, 10_000, 15_000].map((t) => counters(t, { hits: 7, misses: 3, average_ms: 2 }));
    expect(values(hitRatio, 'redis', still)).to.deep.equal([]);
    expect(values(latency, 'application', still)).to.deep.equal([]);
  });

  it('read every layer as a line of its own when none is selected', () => {
    const events = [0, 5_000, 10_000].flatMap((t) => [
      counters(t, { hits: t, misses: 0, average_ms: 1 }),
      counters(t, { layer: 'cdn', hits: 0, misses: t }),
    ]);
    expect(values(hitRatio, undefined, events)).to.deep.equal([
      ['redis', 100],
      ['cdn', 0],
    ]);
  });
});
