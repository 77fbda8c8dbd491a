import { z } from 'zod';
import { defineFault } from '../core/fault.ts';
import { askPatroni, PRIMARY, provePromotion, withdrawRequest } from '../core/evidence/promotion.ts';
import { database, nodeOf } from '../core/acts/sessions.ts';

export default defineFault({
  name: 'failover',
  summary: 'Orders Patroni to promote the standby, as an operator does by hand.',
  params: z.strictObject({ service: database }),
  example: { service: 'postgres' },
  aims: ({ service }) => ({ target: { service, role: 'standby' } }),
  undoes: () => 'withdraw the order if it is still waiting; the roles stay as they are',
  passes: 'the roles are as well the other way round',
  observers: () => [PRIMARY],
  async inject(ctx) {
    const { name } = await nodeOf(ctx, 'standby');
    await ctx.undo({ do: 'command', command: withdrawRequest(name) });
    await ctx.topology.act(askPatroni(name, 'failover --candidate "$PATRONI_NAME"'));
    return [name];
  },
  prove: (record) => provePromotion(record, 'accepts'),
});
