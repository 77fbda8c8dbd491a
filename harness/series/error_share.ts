import { defineSeries } from '../core/kinds/series.ts';
import { eachSecond, LOAD_MS } from '../kit/series/load.ts';

export default defineSeries({
  name: 'error_share',
  summary: 'The share of the requests that ended in each second and failed in any way.',
  unit: 'share',
  everyMs: LOAD_MS,
  example: { above: '5%' },
  read: eachSecond(({ ok, failed }) => (ok + failed === 0 ? undefined : (failed / (ok + failed)) * 100)),
});
