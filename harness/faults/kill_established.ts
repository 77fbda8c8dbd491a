import { z } from 'zod';
import { shown, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { cutLink } from '../kit/acts/cut.ts';
import { linkObserver } from '../kit/links.ts';
import { link } from '../kit/schema.ts';

/** Milliseconds. The consumer's connections are counted every 2 s, so what became of them shows within this time. */
const SHOWS_MS = 5_000;

export default defineFault({
  name: 'kill_established',
  summary: 'Ends all open connections of one link at once; new ones are accepted immediately.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `enable proxy of ${link} if it is still disabled`,
  passes: 'connections are opened again at once',
  observers: ({ link }, spec) => [linkObserver(spec, link, { kind: 'held' })],
  async inject(ctx) {
    const cut = await cutLink(ctx, ctx.params.link);
    await cut.release();
    return [ctx.params.link];
  },
  prove(record) {
    const until = (record.injected ?? Infinity) + SHOWS_MS;
    const seen = {
      before: record.observations.filter((o) => o.t < record.injecting),
      during: record.observations.filter((o) => o.t >= record.injecting && o.t < until),
    };
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    // An age above 0: the connection was opened, and ended some time later.
    const end = seen.during.find((o) => !o.ok && (o.age ?? 0) > 0);
    const again = end !== undefined && seen.during.some((o) => o.ok && o.t > end.t);
    const lived = ((end?.age ?? 0) / 1_000).toFixed(1);
    const own = seen.before.at(-1)?.established ?? 0;
    const steady = seen.before.some((o) => (o.kept ?? 0) > 0);
    const kept = Math.min(...seen.during.map((o) => o.kept ?? Infinity));
    const evidence =
      (end === undefined
        ? 'the connection held open did not end'
        : `the connection held open ended (${end.error}) after ${lived} s and was ${again ? '' : 'not '}opened again`) +
      `; ${kept} of the consumer's ${own} connections lived on`;
    if (!steady) {
      const unsteady = 'the consumer kept no connection open before the fault either';
      return { effective: 'inconclusive', evidence: `${evidence}; ${unsteady}` };
    }
    return shown(again && kept === 0, evidence);
  },
});
