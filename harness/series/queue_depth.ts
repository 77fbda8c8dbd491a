import { defineSeries } from '../core/kinds/series.ts';
import { servicesMeant } from '../core/topology/aim.ts';
import { exportedBy } from '../kit/measured.ts';
import { ofContainer, readingsOf } from '../kit/series/readings.ts';
import { servers } from '../kit/series/servers.ts';

const NAME = 'queue_depth';
const UNIT = 'count';
const EVERY_MS = 2_000;

export default defineSeries({
  name: NAME,
  summary: 'How many jobs wait or are at work, as the gauge counts them that `x-chaos.jobs.pending` names.',
  unit: UNIT,
  everyMs: EVERY_MS,
  momentary: true,
  of: servers,
  example: { of: 'worker', above: 500 },
  requires: ['jobs'],
  needs(of, spec) {
    const metric = spec.jobs?.pending;
    if (metric === undefined) return {};
    const services = of === undefined ? spec.metrics : servicesMeant(spec, of);
    return exportedBy(services, { metric, name: NAME, unit: UNIT, everyMs: EVERY_MS });
  },
  read: readingsOf(NAME, ofContainer),
});
