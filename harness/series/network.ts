import { defineSeries } from '../core/kinds/series.ts';
import { RESOURCES_MS, resource } from '../kit/series/resources.ts';
import { servers } from '../kit/series/servers.ts';

export default defineSeries({
  name: 'network',
  summary: 'Bytes per second that a container sends and receives.',
  unit: 'byte rate',
  everyMs: RESOURCES_MS,
  of: servers,
  example: { of: 'redis', above: '50MB/s' },
  read: resource('network_bytes_per_s'),
});
