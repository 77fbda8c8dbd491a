import { z } from 'zod';
import { mostly, split, tooLittle, usedBefore } from '../core/evidence/evidence.ts';
import { defineFault } from '../core/fault.ts';
import { linkObserver, linkOf } from '../core/link.ts';
import { link } from '../core/schema.ts';

export default defineFault({
  name: 'refuse',
  summary: 'Cuts one link: open connections are closed, new ones are refused.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-redis' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `enable proxy of ${link}`,
  observers: ({ link }, spec) => [linkObserver(spec, link)],
  async inject({ params, topology, undo }) {
    const proxy = await topology.proxy(linkOf(topology.spec, params.link).proxy);
    await undo({ do: 'enable-proxy', proxy });
    await topology.disableProxy(proxy);
    return [params.link];
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
