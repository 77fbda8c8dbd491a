import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'in_flight',
  summary: 'Requests that wait for their answer.',
  unit: 'count',
  everyMs: LOAD_MS,
  example: { above: 1_000 },
  read: eachSecond((tick) => tick.in_flight),
});
