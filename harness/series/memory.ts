import { defineSeries } from '../core/kinds/series.ts';
import { RESOURCES_MS, resource } from '../kit/series/resources.ts';
import { serversOrHost } from '../kit/series/servers.ts';

export default defineSeries({
  name: 'memory',
  summary: 'Memory use of a container in percent of what it may use, or of the host in percent.',
  unit: 'share',
  everyMs: RESOURCES_MS,
  of: serversOrHost,
  example: { of: 'host', above: '95%' },
  read: resource('memory_percent'),
});
