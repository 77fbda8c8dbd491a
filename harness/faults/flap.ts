import { z } from 'zod';
import { shown, split, tally, tooLittle, usedBefore } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { linkObserver, linkOf } from '../core/link.ts';
import { duration, link } from '../core/schema.ts';

/** Four questions a second are asked: what is shorter may fall between them. */
const spell = duration.refine((ms) => ms >= 500, { error: 'write 500ms at least' });

/** Between a change and the question that shows it. */
const SLACK_MS = 1_000;

export default defineFault({
  name: 'flap',
  summary: 'Cuts one link and lets it be, again and again: each time open connections end and new ones are refused.',
  params: z.strictObject({
    link,
    down: spell.meta({ description: 'How long it is cut each time', examples: ['1s'] }),
    up: spell.meta({ description: 'How long it is well between', examples: ['1s'] }),
  }),
  example: { link: 'app-to-redis', down: '1s', up: '1s' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `enable proxy of ${link}`,
  passes: 'half of the time the link is well',
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  async inject({ params, topology, clock, undo, meanwhile }) {
    const proxy = await topology.proxy(linkOf(topology.spec, params.link).proxy);
    const enable = { do: 'enable-proxy', proxy } as const;
    await undo(enable);
    await topology.disableProxy(proxy);
    meanwhile(async (signal) => {
      for (;;) {
        await clock.sleep(params.down, signal);
        await topology.undo(enable);
        await clock.sleep(params.up, signal);
        await topology.disableProxy(proxy);
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
      `refused in ${Math.round(share * 100)} % of ${cut.length} questions, ${changes} changes ` +
      `of ${Math.round(expected)} expected in ${(span / 1_000).toFixed(1)} s, ` +
      `the longest spell ${(longest / 1_000).toFixed(1)} s (${tally(seen.during)})`;
    if (expected < 2) return { effective: 'inconclusive', evidence: `${evidence}: too short a look` };
    const near = Math.abs(share - down / (down + up)) <= 0.25;
    // One that no longer changes was lost on the way.
    const lively = changes >= expected / 2 && longest <= 2 * Math.max(down, up) + SLACK_MS;
    return shown(near && lively, evidence);
  },
});
