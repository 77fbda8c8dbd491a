import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'latency_p50',
  summary: 'The time that half of the answers of a second did not exceed, from the planned moment to the whole answer.',
  unit: 'duration',
  everyMs: LOAD_MS,
  example: { above: '500ms' },
  read: eachSecond((tick) => tick.p50_ms),
});
