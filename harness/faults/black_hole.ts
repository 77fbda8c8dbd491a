import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../core/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { linkObserver, linkOf } from '../core/link.ts';
import { link } from '../core/schema.ts';

const TOXICS = [
  { name: 'chaos-black-hole-up', stream: 'upstream' },
  { name: 'chaos-black-hole-down', stream: 'downstream' },
] as const;

export default defineFault({
  name: 'black_hole',
  summary: 'Swallows everything on one link, both ways: connections stay open and nothing answers.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-redis' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `remove toxics ${TOXICS.map((t) => t.name).join(', ')} from ${link}`,
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  async inject({ params, topology, undo }) {
    const proxy = await topology.proxy(linkOf(topology.spec, params.link).proxy);
    // Both directions: with one alone, writes still reach the other side.
    for (const { name, stream } of TOXICS) {
      await undo({ do: 'remove-toxic', proxy, toxic: name });
      await topology.addToxic(proxy, { name, type: 'timeout', stream, attributes: { timeout: 0 } });
    }
    return [params.link];
  },
  prove(record) {
    const seen = split(record);
    const silent = (error: string | undefined): boolean => error === 'answer-timeout' || error === 'connect-timeout';
    return (
      tooLittle(record, seen) ?? usedBefore(seen) ?? mostly(seen, (o) => silent(o.error), 'questions without an answer')
    );
  },
});
