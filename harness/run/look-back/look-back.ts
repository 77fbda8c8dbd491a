import type { Clock } from '../../core/clock.ts';
import type { Workload } from '../../core/load/load.ts';
import type { RunEvent } from '../../core/record/events.ts';
import type { Fault } from '../../core/kinds/fault.ts';
import { can } from '../../core/topology/capability.ts';
import type { TopologyControl } from '../../core/topology/control.ts';
import { readHistory, readWrites } from '../../record/read.ts';
import { recordHops } from './hops.ts';
import type { Progress } from '../progress.ts';
import { auditWrites } from './write-audit.ts';

interface LookBack {
  readonly dir: string;
  readonly workload: Workload;
  readonly faults: readonly Fault[];
  readonly topology: TopologyControl;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  readonly progress: Progress;
}

/**
 * Looks back on the load that is over: looks up every write in the database, and every request in the logs. What the
 * topology cannot tell is noted in the record. Both go on side by side: one waits for the database, the other reads
 * logs.
 */
export async function lookBack({ dir, workload, faults, topology, clock, emit, progress }: LookBack): Promise<void> {
  const { spec, data } = topology;
  const untold = (message: string): Promise<void> =>
    Promise.resolve(emit({ t: clock.now(), kind: 'note', message: `${message}: x-chaos does not say how` }));
  await Promise.all([
    can(spec, 'writes')
      ? progress.step('looking up every acknowledged write', () =>
          progress.answered(auditWrites({ data, clock, emit }, workload, readWrites(dir))),
        )
      : untold('no acknowledged write was looked up'),
    can(spec, 'hops')
      ? progress.step('following every request from hop to hop', () =>
          progress.answered(recordHops({ topology, clock, emit }, readHistory(dir, faults))),
        )
      : untold('no request was followed from hop to hop'),
  ]);
}
