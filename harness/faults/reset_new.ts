import { z } from 'zod';
import { defineFault } from '../core/fault.ts';
import { addRules, removeRules } from '../core/acts/firewall.ts';
import { listenerOf, newAndOldObservers, proveNewOnly } from '../core/evidence/new-connections.ts';
import { link } from '../core/schema.ts';

/** What the kernel remembers of a connection that was made under the fault: "cs", for chaos. */
const MADE_UNDER_IT = '0x6373';
/** The last packet of what was written at once is to be pushed to the reader; one that only acknowledges is not. */
const WITH_DATA = ['--tcp-flags', 'PSH', 'PSH'];

export default defineFault({
  name: 'reset_new',
  summary: 'Accepts new connections on one link and resets them as soon as they are used; those that are open live on.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `delete the rules against new connections on ${link}`,
  observers: ({ link }, spec) => newAndOldObservers(spec, link),
  // A toxic would break open ones too: the kernel marks a connection as it is made, and refuses what the marked ones carry.
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
