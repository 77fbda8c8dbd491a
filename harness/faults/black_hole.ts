import { z } from 'zod';
import { mostly, onNew, onOld, split, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { bothObservers } from '../kit/links.ts';
import { direction, link } from '../kit/schema.ts';
import { addToxics, removesToxics } from '../kit/acts/toxic.ts';

export default defineFault({
  name: 'black_hole',
  summary: 'Swallows everything on one link, both ways or one: connections stay open and nothing answers.',
  // One way alone is another failure: with `down`, writes still reach the other side, and only their answers are lost.
  params: z.strictObject({ link, direction: direction.default('both') }),
  example: { link: 'app-to-redis' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: (params) => removesToxics(params),
  observers: ({ link }, spec) => bothObservers(spec, link),
  inject: (ctx) => addToxics(ctx, { ...ctx.params, type: 'timeout', attributes: { timeout: 0 } }),
  prove(record) {
    const seen = split(onNew(record));
    const answers = onOld(record).during.filter((o) => o.ok).length;
    if (answers > 0) {
      const evidence = `a connection from before the fault was spared: it was answered ${answers} times`;
      return { effective: 'not effective', evidence };
    }
    const silent = (error: string | undefined): boolean => error === 'answer-timeout' || error === 'connect-timeout';
    return (
      tooLittle(record, seen) ?? usedBefore(seen) ?? mostly(seen, (o) => silent(o.error), 'questions without an answer')
    );
  },
});
