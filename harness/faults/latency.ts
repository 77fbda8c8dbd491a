import { z } from 'zod';
import { median } from '../core/stats.ts';
import { onNew, onOld, roundTrips, shown, split, throughout, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { bothObservers } from '../kit/links.ts';
import { direction, duration, link } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

export default defineFault({
  name: 'latency',
  summary: 'Delays what crosses one link: every answer, every question, or both.',
  params: z.strictObject({
    link,
    // Toxiproxy counts whole milliseconds: a shorter delay is no fault at all.
    latency: duration.refine((ms) => ms >= 1, { error: 'write 1ms at least' }),
    jitter: duration.optional(),
    direction: direction.default('down'),
  }),
  example: { link: 'app-to-primary', latency: '100ms', jitter: '10ms' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link }, spec) => bothObservers(spec, link),
  inject(ctx) {
    const { link, latency, jitter = 0, direction } = ctx.params;
    const attributes = { latency: Math.round(latency), jitter: Math.round(jitter) };
    return addToxics(ctx, { link, direction, type: 'latency', attributes });
  },
  prove(record, { latency, jitter = 0, direction }) {
    const seen = split(onNew(record));
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before));
    const during = median(roundTrips(seen.during));
    if (before === undefined || during === undefined) {
      return { effective: 'inconclusive', evidence: 'no round trip was measured during the fault' };
    }
    const ways = direction === 'both' ? 2 : 1;
    const asked = ways * latency;
    const added = during - before;
    const took = `${before.toFixed(1)} ms before the fault, ${during.toFixed(1)} ms during it`;
    const figures = `median round trip ${took} (${roundTrips(seen.during).length} samples)`;
    const evidence = `${figures}: ${added.toFixed(1)} ms added, ${asked} ms asked for`;
    const old = onOld(record);
    const onOpen = (median(roundTrips(old.during)) ?? Infinity) - (median(roundTrips(old.before)) ?? 0);
    if (onOpen < asked * 0.8) {
      const spared = `a connection from before the fault was spared: ${onOpen.toFixed(1)} ms added`;
      return { effective: 'not effective', evidence: `${evidence}; ${spared}` };
    }
    const least = 0.8 * (asked - ways * jitter);
    return throughout(seen, ({ rtt = 0 }) => rtt - before >= least, shown(added >= asked * 0.8, evidence));
  },
});
