import type { EventOf } from '../../core/record/events.ts';
import type { AutoScalingConfig, ScalingDecision } from '../../core/record/scaling.ts';
import { decideScaling } from '../../core/scaling/decide.ts';

/** A decision that another configuration, or another version, would have made otherwise. */
interface Otherwise {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly service: string;
  readonly instances: number;
  readonly was: Pick<ScalingDecision, 'reason' | 'targetInstances'>;
  readonly is: Pick<ScalingDecision, 'reason' | 'targetInstances'>;
}

export interface Replayed {
  readonly decisions: number;
  readonly otherwise: readonly Otherwise[];
}

/**
 * Makes recorded decisions again, each from what it was made from then: the figures, the number of instances, the last
 * change. `configOf` returns another configuration for a service; undefined: the recorded one. A decision that differs
 * would have changed what came after it. A replay does not follow that up: `simulate` does.
 */
export function replay(
  recorded: readonly EventOf<'scaling'>[],
  configOf: (service: string) => AutoScalingConfig | undefined,
): Replayed {
  const otherwise = recorded.flatMap(({ t, service, config, situation, decision: was }): Otherwise[] => {
    const is = decideScaling(configOf(service) ?? config, situation);
    const same = is.targetInstances === was.targetInstances && is.reason === was.reason;
    if (same) return [];
    return [{ t, service, instances: situation.instances, was, is }];
  });
  return { decisions: recorded.length, otherwise };
}
