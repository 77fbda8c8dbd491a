import type { Hold } from '../../harness/core/topology/hold.ts';
import type { InjectContext } from '../../harness/run/steps/inject.ts';
import { Ledger } from '../../harness/run/steps/ledger.ts';

/** Adds the ledger of a run of its own. */
export const withLedger = (ctx: Omit<InjectContext, 'ledger'>): InjectContext => ({
  ...ctx,
  ledger: new Ledger({ ...ctx, by: 'run' }),
});

/** Holds a property as a fault alone does, and forgets the way back. */
export async function holdAlone({ before, set }: Hold): Promise<{ release: () => Promise<void> }> {
  await before();
  await set();
  return { release: () => Promise.resolve() };
}
