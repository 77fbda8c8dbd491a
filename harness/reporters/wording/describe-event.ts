import { formatDuration } from '../../core/duration.ts';
import type { RunEvent } from '../../core/record/events.ts';
import { describeUndo } from '../../core/topology/undo.ts';
import { alertText } from '../../kit/alerts.ts';
import { accountLine } from './account.ts';
import { deployStep } from './deploy-step.ts';
import { plural } from './figures.ts';

/** How an event's line is highlighted. */
type Weight = 'plain' | 'strong' | 'bad' | 'good';

export interface EventLine {
  readonly text: string;
  readonly weight: Weight;
}

const line = (text: string, weight: Weight = 'plain'): EventLine => ({ text, weight });

/** Returns an event in words, for the log and the console. Returns undefined for samples, which the charts show. */
export function describeEvent(event: RunEvent): EventLine | undefined {
  switch (event.kind) {
    case 'run.started':
      return line(`run ${event.run}: ${event.plan.title}`, 'strong');
    case 'load.started':
      return line(`load ${event.run}: ${event.record.title}`, 'strong');
    case 'topology':
      return line(`${event.step}: ${formatDuration(event.ms)}`);
    case 'containers':
      return line(`containers: ${Object.values(event.names).flat().join(', ')}`);
    case 'phase.started':
      return line(`${event.phase} begins`, 'strong');
    case 'phase.ended':
      return undefined;
    case 'fault.injecting':
      return line(`${event.id}: injecting ${event.fault} ${JSON.stringify(event.params) ?? ''}`);
    case 'undo.recorded':
      return line(`${event.id}: undo recorded: ${describeUndo(event.step)}`);
    case 'fault.injected':
      return line(`${event.id}: in force on ${event.targets.join(', ')}`, 'bad');
    case 'fault.healing':
      return line(`${event.id}: healing`);
    case 'undo.done':
      return line(`${event.id}: ${describeUndo(event.step)}, done by the ${event.by}`);
    case 'undo.failed':
      return line(`${event.id}: could not ${describeUndo(event.step)}: ${event.error}`, 'bad');
    case 'fault.healed':
      return line(`${event.id}: healed`, 'good');
    case 'fault.failed':
      return line(`${event.id}: could not be injected (the other steps go on): ${event.message}`, 'bad');
    case 'step.began':
      return line(`${event.id}: ${event.text}`);
    case 'step.ended': {
      const { id, outcome, text, optional } = event;
      const then = outcome !== 'done' && optional === true ? '. The next steps follow all the same' : '';
      return line(`${id}: ${text}${then}`, outcome === 'done' ? 'plain' : 'bad');
    }
    case 'runbook.command': {
      const { id, name, place = 'nowhere', problem, ms } = event;
      const result = problem ?? 'as expected';
      return line(
        `${id}: ${name} in ${place}: ${result} (${formatDuration(ms)})`,
        problem === undefined ? 'good' : 'plain',
      );
    }
    case 'lives':
      return event.told ? undefined : line('the engine tells no more what becomes of containers', 'bad');
    case 'role':
      return line(
        `${event.group}: ${event.member} is ${event.role === 'unknown' ? event.state : event.role}`,
        event.role === 'primary' ? 'strong' : 'plain',
      );
    case 'load.ended': {
      const { ok, failed, dropped } = event.totals;
      return line(`load ended: ${plural(ok, 'request')} succeeded, ${failed} failed, ${dropped} dropped`);
    }
    case 'alert.rules': {
      const made = event.rules.filter(({ backfilled }) => backfilled === true).length;
      const marked = made === 0 ? '' : `; history: backfilled, for ${plural(made, 'rule')}`;
      return line(`Prometheus ${event.version}: ${plural(event.rules.length, 'alert rule')} watched${marked}`);
    }
    case 'alert.state': {
      const text = `alert ${alertText(event)}: ${event.state}`;
      return line(text, event.state === 'firing' ? 'bad' : event.state === 'inactive' ? 'good' : 'plain');
    }
    case 'alert.delivered':
      return line(`alert ${alertText(event)}: the pager has it (${event.status})`, 'strong');
    case 'alert.watch':
      return event.watching
        ? line('Prometheus watches')
        : line(`Prometheus does not watch: ${event.problem ?? 'no answer'}`, 'bad');
    case 'alert.watched':
      return line(`the alerts were watched: ${event.answered} of ${plural(event.looks, 'look')} answered`);
    case 'decided':
      return line(`${event.id}: ${event.why}`);
    case 'controller.failed':
      return line(`${event.id} failed: ${event.message}`, 'bad');
    case 'controller.ended':
      return line(`${event.id} ended, ${plural(event.failures, 'failure')}`);
    case 'scaled':
      return line(
        `${event.group}: ${event.from} to ${event.to}, ${event.metric} ${event.value} against ${event.threshold}`,
        'strong',
      );
    case 'deploy.step':
      return line(`${event.id}: ${deployStep(event)}`, event.step === 'failed' ? 'bad' : 'plain');
    case 'deploy.ended': {
      const { id, service, outcome, touched, text } = event;
      const good = outcome === 'deployed' && event.failed === 0;
      return line(`${id}: ${service} ${outcome}, ${plural(touched, 'place')} touched: ${text}`, good ? 'good' : 'bad');
    }
    case 'audit': {
      const { endpoint, acknowledged, lost, wrong_value, overwritten, duplicated } = event.finding;
      const { effect_missing, effect_repeated } = event.finding;
      const wrong = lost + wrong_value + overwritten + duplicated + effect_missing + effect_repeated;
      const found =
        wrong === 0
          ? 'all there'
          : `${lost} lost, ${wrong_value} with a wrong value, ${overwritten} overwritten, ${duplicated} twice, ${effect_missing} without effect, ${effect_repeated} with more than one`;
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
    case 'snapshot': {
      const places = Object.values(event.places);
      const values = places.reduce((sum, place) => sum + Object.keys(place).length, 0);
      return line(`snapshot before the first fault: ${plural(values, 'value')} of ${plural(places.length, 'place')}`);
    }
    case 'audited': {
      const found = event.found.map((one) => `${one.kind} ${one.target} (since: ${one.since})`).join('; ');
      const compared = event.compared ? '' : ', and compared nothing';
      return line(
        `the audit for residue ${event.at} found ${found || 'nothing'}${compared}`,
        found === '' ? 'plain' : 'bad',
      );
    }
    case 'repaired': {
      const repaired = event.repaired.map((one) => `${one.kind} ${one.target} (by ${one.by})`).join('; ');
      return line(`repaired: ${repaired || 'nothing'}`, event.left.length === 0 ? 'good' : 'bad');
    }
    case 'residue':
      if (event.residue.length === 0 && event.healthy)
        return line('everything was put back, and the system is healthy', 'good');
      return line(
        `left behind: ${event.residue.map((r) => `${r.kind} ${r.target} (${r.how_to_undo})`).join('; ') || 'the system is not healthy'}`,
        'bad',
      );
    case 'hops': {
      const { good, text } = accountLine(event);
      return line(text, good ? 'plain' : 'bad');
    }
    case 'clock.stepped':
      return line(`the wall clock was stepped by ${event.by_ms} ms`, 'bad');
    case 'clock.watched':
      return line(`the wall clock was watched: ${plural(event.looks, 'look')}, ${plural(event.steps, 'step')}`);
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
    case 'alert.kept':
    case 'observation':
    case 'life':
    case 'scaling':
    case 'container':
    case 'load':
    case 'resources':
    case 'cache':
    case 'host':
    case 'reading':
      return undefined;
  }
}
