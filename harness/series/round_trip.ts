import { defineSeries } from '../core/kinds/series.ts';

export default defineSeries({
  name: 'round_trip',
  summary: "How long an answer takes across a link that a fault touches, measured from the consumer's side.",
  unit: 'duration',
  everyMs: 250,
  example: { above: '100ms' },
  read: () => (event) => {
    if (event.kind !== 'observation' || !event.ok || event.rtt === undefined) return [];
    return [{ labels: { observer: event.observer }, value: event.rtt }];
  },
});
