import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { addRules, removeRules } from '../kit/acts/firewall.ts';
import { listenerOf, newAndOldObservers, proveNewOnly } from '../kit/evidence/new-connections.ts';
import { link } from '../kit/schema.ts';

/** The mark that the kernel gives a connection that was made during the fault: "cs", for chaos. */
const MADE_UNDER_IT = '0x6373';
/** Matches packets that carry data: the last packet of a write has PSH set, and a bare acknowledgement does not. */
const WITH_DATA = ['--tcp-flags', 'PSH', 'PSH'];

export default defineFault({
  name: 'reset_new',
  summary: 'Accepts new connections on one link and resets them as soon as they are used; open connections live on.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  requires: ['links', 'packets'],
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `delete the rules against new connections on ${link}`,
  observers: ({ link }, spec) => newAndOldObservers(spec, link),
  // A toxic would break open connections too. Here the kernel marks new connections, and rejects the data of marked
  // connections.
  async inject({ id, params, topology, undo }) {
    const { container, to } = listenerOf(topology.spec, params.link);
    const used = [...to, ...WITH_DATA, '-m', 'connmark', '--mark', MADE_UNDER_IT];
    await undo({ do: 'command', command: removeRules(container, id) });
    await topology.act(
      addRules(container, id, [
        { chain: 'INPUT', words: [...used, '-j', 'REJECT', '--reject-with', 'tcp-reset'] },
        { table: 'mangle', chain: 'INPUT', words: [...to, '--syn', '-j', 'CONNMARK', '--set-mark', MADE_UNDER_IT] },
      ]),
    );
    return [params.link];
  },
  prove: (record) => proveNewOnly(record, 'ECONNRESET', 'reset'),
});
