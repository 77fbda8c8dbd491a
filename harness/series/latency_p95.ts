import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'latency_p95',
  summary: 'The time that 95 % of the answers of a second did not exceed, from the planned moment to the whole answer.',
  unit: 'duration',
  everyMs: LOAD_MS,
  example: { above: '2s' },
  read: eachSecond((tick) => tick.p95_ms),
});
