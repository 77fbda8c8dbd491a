import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { linkObserver } from '../kit/links.ts';
import { link } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

export default defineFault({
  name: 'reset',
  summary: 'Breaks connections of one link as soon as they are used: new ones are reset, open ones are closed.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-redis' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  // Upstream: the first bytes of the consumer are answered with a reset.
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
