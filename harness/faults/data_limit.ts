import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { linkObserver } from '../kit/links.ts';
import { link, size } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

export default defineFault({
  name: 'data_limit',
  summary: 'Ends each connection of one link in the middle of an answer, after a number of bytes of answers.',
  params: z.strictObject({ link, after: size }),
  example: { link: 'app-to-primary', after: '4KB' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  // The answer has 1.5 times the bytes of the limit, so it must be cut off at exactly the limit.
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
      const evidence = `an answer on this link has at most ${most} bytes: none is longer than the limit of ${after}`;
      return { effective: 'inconclusive', evidence };
    }
    return mostly(seen, (o) => o.error === 'closed' && o.received === after, `answers cut off after ${after} bytes`);
  },
});
