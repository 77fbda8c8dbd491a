import { z } from 'zod';
import { median } from '../core/stats.ts';
import { roundTrips, shown, split, tally, throughout, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { linkObserver } from '../kit/links.ts';
import { duration, link } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

export default defineFault({
  name: 'slow_close',
  summary: "Delays the end of connections on one link: the consumer's peer seems to close late.",
  params: z.strictObject({
    link,
    // The witness waits 5 s for the peer's end: a longer delay cannot be proven.
    delay: duration.refine((ms) => ms >= 1 && ms <= 4_000, { error: 'write 1ms at least and 4s at most' }),
  }),
  example: { link: 'app-to-redis', delay: '500ms' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link }, spec) => [linkObserver(spec, link, { kind: 'close' })],
  inject(ctx) {
    const { link, delay } = ctx.params;
    return addToxics(ctx, { link, direction: 'down', type: 'slow_close', attributes: { delay: Math.round(delay) } });
  },
  prove(record, { delay }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const before = median(roundTrips(seen.before));
    const during = median(roundTrips(seen.during));
    if (before === undefined || during === undefined) {
      return {
        effective: 'inconclusive',
        evidence: `no connection was closed during the fault: ${tally(seen.during)}`,
      };
    }
    const added = during - before;
    const evidence =
      `the peer closed ${before.toFixed(1)} ms after us before the fault, ${during.toFixed(1)} ms after us during it ` +
      `(${roundTrips(seen.during).length} samples): ${added.toFixed(1)} ms added, ${delay} ms asked for`;
    return throughout(seen, ({ rtt = 0 }) => rtt - before >= delay * 0.8, shown(added >= delay * 0.8, evidence));
  },
});
