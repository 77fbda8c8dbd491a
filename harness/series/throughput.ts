import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'throughput',
  summary: 'Good answers per second.',
  unit: 'per second',
  everyMs: LOAD_MS,
  example: { below: '100/s' },
  read: eachSecond(({ ok }) => ok),
});
