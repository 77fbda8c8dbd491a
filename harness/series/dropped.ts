import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'dropped',
  summary: 'Requests per second that the generator could not send. Such a run proves nothing.',
  unit: 'per second',
  everyMs: LOAD_MS,
  example: { above: '0/s' },
  read: eachSecond(({ dropped }) => dropped),
});
