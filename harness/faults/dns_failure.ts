import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { addRules, removeRules } from '../kit/acts/firewall.ts';
import { FAILED, lookupObservers, proveLookups, RESOLVER } from '../kit/evidence/names.ts';
import { targetWith } from '../kit/schema.ts';

/** What iptables does with a question. */
const TARGETS = { refused: 'REJECT', silent: 'DROP' } as const;

export default defineFault({
  name: 'dns_failure',
  summary: 'Takes name resolution away from containers: their questions are refused or get no answer.',
  params: targetWith({
    answer: z
      .enum(['refused', 'silent'])
      .default('refused')
      .meta({ description: 'refused: a look-up fails at once; silent: it fails after the timeout of the resolver' }),
  }),
  example: { service: 'app', replica: 1, answer: 'refused' },
  requires: ['packets'],
  aims: (target) => ({ target }),
  undoes: () => 'delete the rule in the network of the container',
  observers: (target, spec) => lookupObservers(spec, target),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve(params, random);
    // By address and not by port: when the rule applies, the engine has already changed the port.
    const words = ['-d', RESOLVER, '-j', TARGETS[params.answer]];
    for (const { name } of hit) {
      await undo({ do: 'command', command: removeRules(name, id) });
      await topology.act(addRules(name, id, [{ chain: 'OUTPUT', words }]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record) => proveLookups(record, 'failed', (ms) => ms === FAILED),
});
