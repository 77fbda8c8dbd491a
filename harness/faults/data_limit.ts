import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { linkObserver } from '../core/link.ts';
import { link, size } from '../core/schema.ts';
import { addToxics, removesToxics } from '../core/acts/toxic.ts';

export default defineFault({
  name: 'data_limit',
  summary: 'Ends each connection of one link once so many bytes of answers have crossed it, in the middle of one.',
  params: z.strictObject({ link, after: size }),
  example: { link: 'app-to-primary', after: '4KB' },
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  // One answer that is half as large again: it must be cut off at the byte.
  observers: ({ link, after }, spec) => [linkObserver(spec, link, { kind: 'echo', bytes: Math.ceil(1.5 * after) })],
  inject(ctx) {
    const { link, after } = ctx.params;
    return addToxics(ctx, { link, direction: 'down', type: 'limit_data', attributes: { bytes: after } });
  },
  prove(record, { after }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const most = Math.max(...seen.before.map(({ received = 0 }) => received));
    if (most <= after) {
      const evidence = `an answer on this link has ${most} bytes at most: none reaches the limit of ${after}`;
      return { effective: 'inconclusive', evidence };
    }
    return mostly(seen, (o) => o.error === 'closed' && o.received === after, `answers cut off after ${after} bytes`);
  },
});
