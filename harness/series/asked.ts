import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'asked',
  summary: 'Requests per second that the plan of the load has.',
  unit: 'per second',
  everyMs: LOAD_MS,
  example: { above: '0/s' },
  read: eachSecond(({ planned }) => planned),
});
