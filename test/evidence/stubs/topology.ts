import type { Witnesses } from '../../../harness/core/topology/control.ts';
import { repeatedly } from '../../../harness/core/deadline.ts';
import { MemoryTopology } from '../../helpers/doubles/topology.ts';

const EVERY_MS = 250;

/** A topology in memory whose containers answer their consumers as long as they run, so that a kill can be proven. */
export class AnsweringTopology extends MemoryTopology {
  override readonly witnesses: Witnesses = {
    witness: (_vantage, _run, questions, onAnswer) =>
      Promise.resolve(
        repeatedly(EVERY_MS, () => {
          for (const { id, host } of questions) {
            const ok = this.world.containers[host]?.state === 'running';
            onAnswer({ id, t: Date.now(), ok, established: 1, ...(ok ? { rtt: 1 } : { error: 'refused' }) });
          }
          return Promise.resolve();
        }),
      ),
    datagrams: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve() }),
  };
}
