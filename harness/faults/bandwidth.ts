import { z } from 'zod';
import { median } from '../core/stats.ts';
import { roundTrips, shown, split, tally, throughout, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { linkObserver } from '../kit/links.ts';
import { byteRate, direction, link } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

/**
 * At the requested rate a transfer should take about this many milliseconds: far more than the link's own round trip.
 */
const TRANSFER_MS = 300;
const MOST_BYTES = 65_536;
/** When the rate adds fewer milliseconds than this to a transfer, the link's own changes may be the cause. */
const LEAST_MS = 8;

export default defineFault({
  name: 'bandwidth',
  summary: 'Limits the bytes per second of each connection on one link.',
  params: z.strictObject({ link, rate: byteRate, direction: direction.default('both') }),
  example: { link: 'app-to-primary', rate: '100KB/s' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link, rate }, spec) => {
    const bytes = Math.min(MOST_BYTES, Math.round((rate * TRANSFER_MS) / 1_000));
    return [linkObserver(spec, link, { kind: 'echo', bytes })];
  },
  inject(ctx) {
    const { link, rate, direction } = ctx.params;
    return addToxics(ctx, { link, direction, type: 'bandwidth', attributes: { rate: rate / 1_000 } });
  },
  prove(record, { rate, direction }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before));
    const during = median(roundTrips(seen.during));
    const bytes = median(
      seen.during
        .filter((o) => o.ok)
        .map(({ sent = 0, received = 0 }) => (direction === 'down' ? 0 : sent) + (direction === 'up' ? 0 : received)),
    );
    if (before === undefined || during === undefined || bytes === undefined) {
      return { effective: 'inconclusive', evidence: `no transfer ended during the fault: ${tally(seen.during)}` };
    }
    const asked = (bytes / rate) * 1_000;
    const added = during - before;
    const took = `${before.toFixed(1)} ms before the fault, ${during.toFixed(1)} ms during it`;
    const figures = `${bytes} bytes took ${took} (${roundTrips(seen.during).length} samples)`;
    if (asked < LEAST_MS) {
      return {
        effective: 'inconclusive',
        evidence: `${figures}; at the requested rate they take ${asked.toFixed(1)} ms, too little to tell`,
      };
    }
    const measured = added > 0 ? `${(bytes / added).toFixed(1)} KB/s` : 'no limit';
    const evidence = `${figures}: ${measured} measured, ${rate / 1_000} KB/s asked for`;
    return throughout(seen, ({ rtt = 0 }) => rtt - before >= asked * 0.8, shown(added >= asked * 0.8, evidence));
  },
});
