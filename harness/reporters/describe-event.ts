import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/events.ts';
import { describeCondition } from '../core/steps.ts';
import { describeUndo } from '../core/undo.ts';
import { accountLine } from './account.ts';
import { plural } from './figures.ts';

/** How much an event asks to be looked at. */
type Weight = 'plain' | 'strong' | 'bad' | 'good';

export interface EventLine {
  readonly text: string;
  readonly weight: Weight;
}

const line = (text: string, weight: Weight = 'plain'): EventLine => ({ text, weight });

/** An event in words, for the log and the console; undefined for samples, which charts show. */
export function describeEvent(event: RunEvent): EventLine | undefined {
  switch (event.kind) {
    case 'run.started':
      return line(`run ${event.run}: ${event.plan.title}`, 'strong');
    case 'load.started':
      return line(`load ${event.run}: ${event.record.title}`, 'strong');
    case 'topology':
      return line(`${event.step}: ${formatDuration(event.ms)}`);
    case 'phase.started':
      return line(`${event.phase} begins`, 'strong');
    case 'phase.ended':
      return undefined;
    case 'fault.injecting':
      return line(`${event.id}: injecting ${event.fault} ${JSON.stringify(event.params) ?? ''}`);
    case 'undo.recorded':
      return line(`${event.id}: the way back is on disk: ${describeUndo(event.step)}`);
    case 'fault.injected':
      return line(`${event.id}: in force on ${event.targets.join(', ')}`, 'bad');
    case 'fault.healing':
      return line(`${event.id}: being taken back`);
    case 'undo.done':
      return line(`${event.id}: ${describeUndo(event.step)}, done by the ${event.by}`);
    case 'undo.failed':
      return line(`${event.id}: could not ${describeUndo(event.step)}: ${event.error}`, 'bad');
    case 'fault.healed':
      return line(`${event.id}: taken back`, 'good');
    case 'fault.failed':
      return line(`${event.id}: could not be injected, the other steps go on: ${event.message}`, 'bad');
    case 'wait.started':
      return line(
        `${event.id}: waiting until ${describeCondition(event.wait)}, ${formatDuration(event.within_ms)} at most`,
      );
    case 'wait.ended': {
      const { id, outcome, saw, optional } = event;
      if (outcome === 'held') return line(`${id}: it holds (${saw})`);
      const then = optional ? ', the steps after it are taken all the same' : '';
      return line(`${id}: ${outcome === 'late' ? 'not in time' : outcome}${then} (last seen: ${saw})`, 'bad');
    }
    case 'role':
      return line(
        `${event.group}: ${event.member} is ${event.role === 'unknown' ? event.state : event.role}`,
        event.role === 'primary' ? 'strong' : 'plain',
      );
    case 'load.ended': {
      const { ok, failed, dropped } = event.totals;
      return line(`load ended: ${plural(ok, 'request')} succeeded, ${failed} failed, ${dropped} dropped`);
    }
    case 'scaled':
      return line(
        `${event.group}: ${event.from} to ${event.to}, ${event.metric} ${event.value} against ${event.threshold}`,
        'strong',
      );
    case 'audit': {
      const { endpoint, acknowledged, lost, wrong_value, overwritten, duplicated, effect_missing } = event.finding;
      const wrong = lost + wrong_value + overwritten + duplicated + effect_missing;
      const found =
        wrong === 0
          ? 'all there'
          : `${lost} lost, ${wrong_value} wrong, ${overwritten} overwritten, ${duplicated} twice, ${effect_missing} without effect`;
      return line(
        `${endpoint}: ${plural(acknowledged, 'acknowledged write')}, ${found}`,
        wrong === 0 ? 'plain' : 'bad',
      );
    }
    case 'audit.ended':
      return line(
        `${event.complete ? 'every acknowledged write was looked up' : 'not every write could be looked up'} on ${event.primary} in ${formatDuration(event.ms)}${event.problem === undefined ? '' : `: ${event.problem}`}`,
        event.complete ? 'plain' : 'bad',
      );
    case 'residue':
      if (event.residue.length === 0 && event.healthy)
        return line('everything was put back, and the system is well', 'good');
      return line(
        `left behind: ${event.residue.map((r) => `${r.kind} ${r.target} (${r.how_to_undo})`).join('; ') || 'the system is not well'}`,
        'bad',
      );
    case 'hops': {
      const { good, text } = accountLine(event);
      return line(text, good ? 'plain' : 'bad');
    }
    case 'clock.stepped':
      return line(`the wall clock was stepped by ${event.by_ms} ms`, 'bad');
    case 'not-ready':
      return line(`${event.code}: ${event.message}. ${event.hint}`, 'bad');
    case 'interrupted':
      return line(event.by === 'killed' ? 'the harness was killed' : `interrupted by ${event.by}`, 'bad');
    case 'aborted':
      return line(`aborted: ${event.message}`, 'bad');
    case 'error':
      return line(`${event.code}: ${event.message}`, 'bad');
    case 'note':
      return line(event.message);
    case 'run.ended':
      return line(`verdict: ${event.verdict}`, 'strong');
    case 'observation':
    case 'container':
    case 'load':
    case 'resources':
    case 'cache':
    case 'host':
      return undefined;
  }
}
