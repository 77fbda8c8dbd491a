import { ChaosError } from '../../core/errors.ts';
import type { Known } from '../../core/kinds/known.ts';
import type { Limited } from '../../core/kinds/limit.ts';
import { eventsOf } from '../../core/record/history.ts';
import { recoveryIn } from '../../core/runbook/recovery.ts';
import { judgeFolder } from '../../judge/folder.ts';
import type { HealthyAt } from './parts.ts';

/** Reads from the record of an inject when users were served again: when every condition held and went on to hold. */
export function healthyAt(dir: string, healthy: readonly Limited[], known: Known): HealthyAt {
  try {
    const { history } = judgeFolder(dir, known);
    const started = eventsOf(history, 'fault.injected')[0]?.t;
    const ended = history.windows.at(-1)?.ended;
    if (started === undefined || ended === undefined) return undefined;
    const source = { events: history.events, topology: history.plan.topology };
    const recovery = recoveryIn(healthy, known.series, source, { started, ended });
    if (recovery.outcome === 'recovered') return Math.round(started + recovery.ms);
    return recovery.outcome === 'never broken' ? null : undefined;
  } catch (error) {
    // A record that cannot be read says nothing about the users.
    if (error instanceof ChaosError) return undefined;
    throw error;
  }
}
