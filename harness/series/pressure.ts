import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'pressure',
  summary: 'Good answers per second to the users who only press.',
  unit: 'per second',
  everyMs: LOAD_MS,
  example: { below: '10/s' },
  read: eachSecond((tick) => tick.pressure_ok),
});
