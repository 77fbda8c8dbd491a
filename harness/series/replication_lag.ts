import { defineSeries } from '../core/kinds/series.ts';
import type { Observation } from '../core/record/observation.ts';
import { lagBehind, REPLAYED, REPLICATION, WRITTEN } from '../kit/acts/replication.ts';

export default defineSeries({
  name: 'replication_lag',
  summary: 'How far the slowest standby is behind: how old its newest replayed write is.',
  unit: 'duration',
  everyMs: 500,
  example: { above: '10s' },
  requires: ['sql'],
  needs: () => ({ observers: REPLICATION }),
  read() {
    const written: Observation[] = [];
    return (event) => {
      if (event.kind !== 'observation') return [];
      if (event.observer === WRITTEN) written.push(event);
      if (event.observer !== REPLAYED || !event.ok) return [];
      const value = lagBehind(written, event);
      return value === undefined ? [] : [{ value }];
    };
  },
});
