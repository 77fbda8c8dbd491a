import { z } from 'zod';
import { defineFault } from '../core/fault.ts';
import { askPatroni, PRIMARY, provePromotion, withdrawRequest } from '../core/evidence/promotion.ts';
import { database, nodeOf } from '../core/acts/sessions.ts';

export default defineFault({
  name: 'switchover',
  summary: 'Asks Patroni to let the primary hand over to the standby in good order, as for maintenance.',
  params: z.strictObject({ service: database }),
  example: { service: 'postgres' },
  aims: ({ service }) => ({ target: { service, role: 'primary' } }),
  undoes: () => 'withdraw the request if it is still waiting; the roles stay as they are',
  passes: 'the roles are as well the other way round',
  observers: () => [PRIMARY],
  async inject(ctx) {
    const { name } = await nodeOf(ctx, 'primary');
    await ctx.undo({ do: 'command', command: withdrawRequest(name) });
    await ctx.topology.act(askPatroni(name, 'switchover --master "$PATRONI_NAME"'));
    return [name];
  },
  prove: (record) => provePromotion(record, 'no longer accepts'),
});
