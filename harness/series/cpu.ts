import { defineSeries } from '../core/kinds/series.ts';
import { RESOURCES_MS, resource } from '../kit/series/resources.ts';
import { serversOrHost } from '../kit/series/servers.ts';

export default defineSeries({
  name: 'cpu',
  summary: 'CPU use of a container in percent of one core, or of the host in percent of all cores.',
  unit: 'percent',
  everyMs: RESOURCES_MS,
  of: serversOrHost,
  example: { of: 'app', above: '90%' },
  read: resource('cpu_percent'),
});
