import { z } from 'zod';
import { defineFault } from '../core/fault.ts';
import { addRules, removeRules } from '../core/acts/firewall.ts';
import { listenerOf, newAndOldObservers, proveNewOnly } from '../core/evidence/new-connections.ts';
import { link } from '../core/schema.ts';

export default defineFault({
  name: 'refuse_new',
  summary: 'Refuses new connections on one link; those that are open live on.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `delete the rule against new connections on ${link}`,
  observers: ({ link }, spec) => newAndOldObservers(spec, link),
  // No toxic can tell new connections from open ones: a rule where the link is listened on does.
  async inject({ id, params, topology, undo }) {
    const { container, to } = listenerOf(topology.spec, params.link);
    const words = [...to, '--syn', '-j', 'REJECT', '--reject-with', 'tcp-reset'];
    await undo({ do: 'command', command: removeRules(container, id) });
    await topology.act(addRules(container, id, [{ chain: 'INPUT', words }]));
    return [params.link];
  },
  prove: (record) => proveNewOnly(record, 'ECONNREFUSED', 'refused'),
});
