import type { Invalidity } from '../../core/record/events.ts';
import { eventsOf, type History } from '../../core/record/history.ts';
import { isOfVersion1, missing } from './missing.ts';

/**
 * Gate: each controller must have carried out what it decided. Otherwise the run was another one than planned. A
 * controller says at its end how many times it failed; records of version 1 do not have that.
 */
export function controlledGate(history: History): Invalidity[] {
  const failures = Map.groupBy(eventsOf(history, 'controller.failed'), ({ id }) => id);
  const ends = new Map(eventsOf(history, 'controller.ended').map((event) => [event.id, event.failures]));
  const untold = isOfVersion1(history)
    ? []
    : (history.plan.controllers ?? [])
        .filter(({ id }) => ends.get(id) !== (failures.get(id)?.length ?? 0))
        .map(({ id }) => missing(`nothing says that ${id} worked to its end without a failure`));
  const failed = [...failures].map(([id, failed]) => ({
    code: 'CHAOS_CONTROLLER_FAILED',
    message: `${id} failed ${failed.length === 1 ? 'once' : `${failed.length} times`}: ${failed[0]?.message ?? ''}`,
  }));
  return [...failed, ...untold];
}
