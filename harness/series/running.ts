import { defineSeries } from '../core/kinds/series.ts';
import { overStates, STATES_MS, watchedServices } from '../kit/series/states.ts';
import { servers } from '../kit/series/servers.ts';

export default defineSeries({
  name: 'running',
  summary: 'How many containers run and are not paused.',
  unit: 'count',
  everyMs: STATES_MS,
  momentary: true,
  of: servers,
  example: { of: 'app', below: 2 },
  needs: watchedServices,
  read: overStates((states, of = 'all containers') => [
    { labels: { of }, value: states.filter((s) => s.running && !s.paused).length },
  ]),
});
