import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'generator_lag',
  summary: 'How late the generator sends requests: 99th percentile, sent minus planned.',
  unit: 'duration',
  everyMs: LOAD_MS,
  example: { above: '200ms' },
  read: eachSecond((tick) => tick.lag_p99_ms),
});
