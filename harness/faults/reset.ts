import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { linkObserver } from '../core/link.ts';
import { link } from '../core/schema.ts';
import { addToxics, removesToxics } from '../core/acts/toxic.ts';

export default defineFault({
  name: 'reset',
  summary: 'Breaks connections of one link as soon as they are used: new ones by a reset, open ones by an end.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-redis' },
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  // Upstream: it is the consumer whose first bytes are answered so.
  inject: (ctx) => addToxics(ctx, { ...ctx.params, direction: 'up', type: 'reset_peer', attributes: { timeout: 0 } }),
  prove(record) {
    const seen = split(record);
    return (
      tooLittle(record, seen) ??
      usedBefore(seen) ??
      mostly(seen, (o) => o.error === 'ECONNRESET', 'new connections reset')
    );
  },
});
