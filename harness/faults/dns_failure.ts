import { z } from 'zod';
import { defineFault } from '../core/fault.ts';
import { addRules, removeRules } from '../core/acts/firewall.ts';
import { FAILED, lookupObservers, proveLookups, RESOLVER } from '../core/evidence/names.ts';
import { targetWith } from '../core/schema.ts';

/** What becomes of a question, as iptables calls it. */
const TARGETS = { refused: 'REJECT', silent: 'DROP' } as const;

export default defineFault({
  name: 'dns_failure',
  summary: 'Takes name resolution away from containers: their questions are refused, or nobody answers.',
  params: targetWith({
    answer: z
      .enum(['refused', 'silent'])
      .default('refused')
      .meta({ description: 'refused: fails at once; silent: fails when the resolver has waited long enough' }),
  }),
  example: { service: 'app', replica: 1, answer: 'refused' },
  aims: (target) => ({ target }),
  undoes: () => 'take the rule out of the network of the container',
  observers: (target, spec) => lookupObservers(spec, target),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.resolve(params, random);
    // By address and not by port: the engine has changed the port by then.
    const words = ['-d', RESOLVER, '-j', TARGETS[params.answer]];
    for (const { name } of hit) {
      await undo({ do: 'command', command: removeRules(name, id) });
      await topology.act(addRules(name, id, [{ chain: 'OUTPUT', words }]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record) => proveLookups(record, 'failed', (ms) => ms === FAILED),
});
