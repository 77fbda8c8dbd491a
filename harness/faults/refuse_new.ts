import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { addRules, removeRules } from '../kit/acts/firewall.ts';
import { listenerOf, newAndOldObservers, proveNewOnly } from '../kit/evidence/new-connections.ts';
import { link } from '../kit/schema.ts';

export default defineFault({
  name: 'refuse_new',
  summary: 'Refuses new connections on one link; open connections live on.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  requires: ['links', 'packets'],
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `delete the rule against new connections on ${link}`,
  observers: ({ link }, spec) => newAndOldObservers(spec, link),
  // No toxic can tell new connections from open ones. A rule in the network of the container that listens can.
  async inject({ id, params, topology, undo }) {
    const { container, to } = listenerOf(topology.spec, params.link);
    const words = [...to, '--syn', '-j', 'REJECT', '--reject-with', 'tcp-reset'];
    await undo({ do: 'command', command: removeRules(container, id) });
    await topology.act(addRules(container, id, [{ chain: 'INPUT', words }]));
    return [params.link];
  },
  prove: (record) => proveNewOnly(record, 'ECONNREFUSED', 'refused'),
});
