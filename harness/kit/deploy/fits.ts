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
  if (overdrawn(spec).length > 0) return undefined;
  // For a while a service has more containers than in the compose file, and each has its pools. With "stop-first" this is
  // so only on the way back, which replaces one container after another.
  const atOnce = update.order === 'stop-first' ? 1 : Math.min(update.parallelism || replicas, replicas);
  const [over] = overdrawn(spec, { [service]: replicas + atOnce });
  if (over === undefined) return undefined;
  const fewer = 'With parallelism: 1, a deploy needs the connections of one container more, and no others.';
  const hint = atOnce > 1 ? `${over.hint} ${fewer}` : over.hint;
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
