import { ChaosError, type ErrorCode } from '../../core/errors.ts';
import { overdrawn } from '../../core/topology/connections.ts';
import type { TopologySpec, UpdateSpec } from '../../core/topology/spec.ts';

/** Why a service cannot be deployed. */
export interface Unfit {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** Returns why a deploy of a service of the topology cannot work, by the compose file alone. */
export function unfit(spec: TopologySpec, service: string): Unfit | undefined {
  const { update, replicas = 0 } = spec.services[service] ?? {};
  if (update === undefined) {
    return {
      code: 'CHAOS_NO_UPDATE_CONFIG',
      message: `the compose file does not say how "${service}" is updated`,
      hint: 'Give it deploy.update_config: { parallelism: 1, delay: 10s, failure_action: rollback, order: start-first }.',
    };
  }
  if (update.order === 'stop-first' || overdrawn(spec).length > 0) return undefined;
  // With "start-first" a service has more containers for a while than in the compose file, and each has its pools.
  const [over] = overdrawn(spec, { [service]: replicas + (update.parallelism || replicas) });
  if (over === undefined) return undefined;
  const hint = `${over.hint} With order: stop-first, a deploy needs no more connections than before.`;
  return { code: 'CHAOS_CONNECTIONS', message: `while "${service}" is deployed, ${over.message}`, hint };
}

/** Returns how a service is updated. Throws when a deploy of it cannot work. */
export function updateOf(spec: TopologySpec, service: string): UpdateSpec {
  const why = unfit(spec, service);
  if (why !== undefined) throw new ChaosError(why.code, { ...why, what: why.message, exit: 'bad-input' });
  const update = spec.services[service]?.update;
  if (update === undefined) throw new TypeError('a service without update_config is unfit');
  return update;
}
