import { neededMs } from '../core/record/host.ts';
import { defineSeries } from '../core/kinds/series.ts';

export default defineSeries({
  name: 'cpu_stolen',
  summary: 'The share of the processor time needed on the host that its hypervisor gave to others.',
  unit: 'share',
  everyMs: 1_000,
  example: { above: '10%' },
  read: () => (event) => {
    if (event.kind !== 'host') return [];
    const needed = neededMs(event);
    return needed === 0 ? [] : [{ value: (event.stolen_ms / needed) * 100 }];
  },
});
