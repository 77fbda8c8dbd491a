import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { cutLink } from '../kit/acts/cut.ts';
import { linkObserver } from '../kit/links.ts';
import { link } from '../kit/schema.ts';

export default defineFault({
  name: 'refuse',
  summary: 'Cuts one link: open connections are closed, new ones are refused.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-redis' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `enable proxy of ${link}`,
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  async inject(ctx) {
    await cutLink(ctx, ctx.params.link);
    return [ctx.params.link];
  },
  prove(record) {
    const seen = split(record);
    return (
      tooLittle(record, seen) ??
      usedBefore(seen) ??
      mostly(seen, (o) => o.error === 'ECONNREFUSED', 'connections refused')
    );
  },
});
