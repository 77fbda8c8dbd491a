import { defineSeries } from '../core/kinds/series.ts';
import { overStates, STATES_MS, watchedServices } from '../kit/series/states.ts';
import { servers } from '../kit/series/servers.ts';

export default defineSeries({
  name: 'restarts',
  summary: 'How often the engine has restarted a container.',
  unit: 'count',
  everyMs: STATES_MS,
  momentary: true,
  of: servers,
  example: { of: 'worker', above: 3 },
  needs: watchedServices,
  read: overStates((states) => states.map(({ container, restarts }) => ({ labels: { container }, value: restarts }))),
});
