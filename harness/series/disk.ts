import { defineSeries } from '../core/kinds/series.ts';
import { RESOURCES_MS, resource } from '../kit/series/resources.ts';
import { HOST } from '../kit/series/servers.ts';

export default defineSeries({
  name: 'disk',
  summary: "How full the host's disk is.",
  unit: 'share',
  everyMs: RESOURCES_MS,
  example: { above: '95%' },
  read: (_of, spec) => resource('disk_percent')(HOST, spec),
});
