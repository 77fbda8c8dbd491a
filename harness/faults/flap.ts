import { z } from 'zod';
import { shown, split, tally, tooLittle, usedBefore } from '../kit/evidence/evidence.ts';
import { defineFault } from '../core/kinds/fault.ts';
import { cutLink } from '../kit/acts/cut.ts';
import { linkObserver } from '../kit/links.ts';
import { duration, link } from '../kit/schema.ts';

/** The observer asks four times a second. A shorter time may fall between two questions. */
const spell = duration.refine((ms) => ms >= 500, { error: 'write 500ms at least' });

/** Milliseconds between a change of the link and the question that shows it. */
const SLACK_MS = 1_000;

export default defineFault({
  name: 'flap',
  summary: 'Cuts one link and restores it, again and again: each time open connections end and new ones are refused.',
  params: z.strictObject({
    link,
    down: spell.meta({ description: 'How long the link is cut each time', examples: ['1s'] }),
    up: spell.meta({ description: 'How long the link is sound in between', examples: ['1s'] }),
  }),
  example: { link: 'app-to-redis', down: '1s', up: '1s' },
  requires: ['links'],
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `enable proxy of ${link}`,
  passes: 'the link is sound for a part of the time',
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  async inject(ctx) {
    const { params, clock, meanwhile } = ctx;
    let cut = await cutLink(ctx, params.link);
    meanwhile(async (signal) => {
      for (;;) {
        await clock.sleep(params.down, signal);
        await cut.release();
        await clock.sleep(params.up, signal);
        cut = await cutLink(ctx, params.link);
      }
    });
    return [params.link];
  },
  prove(record, { down, up }) {
    const seen = split(record);
    const doubt = tooLittle(record, seen) ?? usedBefore(seen);
    if (doubt !== undefined) return doubt;
    const cut = seen.during.map((o) => o.error === 'ECONNREFUSED');
    const times = seen.during.map((o) => o.t);
    const changed = times.filter((_, i) => i > 0 && cut[i] !== cut[i - 1]);
    const changes = changed.length;
    const marks = [times[0] ?? 0, ...changed, times.at(-1) ?? 0];
    const longest = Math.max(...marks.slice(1).map((t, i) => t - (marks[i] ?? t)));
    const share = cut.filter(Boolean).length / cut.length;
    const span = (marks.at(-1) ?? 0) - (marks[0] ?? 0);
    const expected = (2 * span) / (down + up);
    const evidence =
      `${Math.round(share * 100)} % of ${cut.length} questions were refused; the answer changed ${changes} times in ` +
      `${(span / 1_000).toFixed(1)} s, ${Math.round(expected)} changes were expected; ` +
      `the longest time without a change was ${(longest / 1_000).toFixed(1)} s (${tally(seen.during)})`;
    if (expected < 2) return { effective: 'inconclusive', evidence: `${evidence}: too short to tell` };
    const near = Math.abs(share - down / (down + up)) <= 0.25;
    // When the answer no longer changes, the fault was lost on the way.
    const lively = changes >= expected / 2 && longest <= 2 * Math.max(down, up) + SLACK_MS;
    return shown(near && lively, evidence);
  },
});
