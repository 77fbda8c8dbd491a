import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { askPatroni, PRIMARY, provePromotion, withdrawRequest } from '../kit/evidence/promotion.ts';
import { database, nodeOf } from '../kit/acts/sessions.ts';

export default defineFault({
  name: 'switchover',
  summary: 'Asks Patroni for an orderly handover from the primary to the standby, as for maintenance.',
  params: z.strictObject({ service: database }),
  example: { service: 'postgres' },
  requires: ['roles', 'sql'],
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'withdraw the request if Patroni has not carried it out; the roles stay as they are',
  passes: 'the topology is as sound with the roles exchanged',
  observers: () => [PRIMARY],
  async inject(ctx) {
    const { name } = await nodeOf(ctx, 'primary');
    await ctx.undo({ do: 'command', command: withdrawRequest(name) });
    await ctx.topology.act(askPatroni(name, 'switchover --master "$PATRONI_NAME"'));
    return [name];
  },
  prove: (record) => provePromotion(record, 'no longer accepts'),
});
