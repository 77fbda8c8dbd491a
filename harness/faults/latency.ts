import { z } from 'zod';
import { median, roundTrips, split, tooLittle, usedBefore } from '../core/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { duration, link } from '../core/schema.ts';
import { linkOf, linkObserver } from '../core/link.ts';

const TOXIC = 'chaos-latency';

export default defineFault({
  name: 'latency',
  summary: 'Delays every answer on one link.',
  params: z.strictObject({
    link,
    // Toxiproxy counts whole milliseconds: less is no fault at all.
    latency: duration.refine((ms) => ms >= 1, { error: 'write 1ms at least' }),
    jitter: duration.optional(),
  }),
  example: { link: 'app-to-primary', latency: '100ms', jitter: '10ms' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `remove toxic ${TOXIC} from ${link}`,
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  async inject({ params, topology, undo }) {
    const proxy = await topology.proxy(linkOf(topology.spec, params.link).proxy);
    await undo({ do: 'remove-toxic', proxy, toxic: TOXIC });
    const attributes = { latency: Math.round(params.latency), jitter: Math.round(params.jitter ?? 0) };
    await topology.addToxic(proxy, { name: TOXIC, type: 'latency', stream: 'downstream', attributes });
    return [params.link];
  },
  prove(record, { latency }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before));
    const during = median(roundTrips(seen.during));
    if (before === undefined || during === undefined) {
      return { effective: 'inconclusive', evidence: 'no round trip was measured during the fault' };
    }
    const added = during - before;
    const figures = `median round trip ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms during (${seen.during.length} samples)`;
    const evidence = `${figures}: ${added.toFixed(1)} ms added of ${latency} ms asked`;
    return { effective: added >= latency * 0.8 ? 'effective' : 'not effective', evidence };
  },
});
