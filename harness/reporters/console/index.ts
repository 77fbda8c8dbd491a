import type { RunEvent } from '../../core/record/events.ts';
import { formatDuration } from '../../core/duration.ts';
import type { Subscriber } from '../../core/record/run.ts';
import type { TextSink } from '../../core/world.ts';
import { describeEvent } from '../wording/describe-event.ts';
import { paint } from './paint.ts';
import { Progress } from './progress.ts';

export { renderVerdict } from './verdict.ts';

const HEARTBEAT_MS = 15_000;
const CLEAR_LINE = '\r\u001B[K';

/**
 * Prints a line for each change. On a terminal, a live line below them shows the present state. Without a terminal, a
 * line with the present state is printed when no line was printed for 15 seconds.
 */
export function consoleReporter(sink: TextSink): Subscriber {
  const progress = new Progress();
  let begun: number | undefined;
  let last = 0;
  let live = false;
  let found = false;
  const clear = (): void => {
    if (live) sink.write(CLEAR_LINE);
    live = false;
  };
  return {
    onEvent(event) {
      begun ??= event.t;
      progress.see(event);
      const offset = paint(sink, 'dim', `+${((event.t - begun) / 1_000).toFixed(1)}s`.padStart(7));
      found ||= event.kind === 'audited' && event.found.length > 0;
      const line = lineOf(event, found);
      if (line !== undefined) {
        clear();
        sink.write(`${offset}  ${line}\n`);
        last = event.t;
      }
      if (event.kind !== 'load') return;
      const now = progress.line(event.t);
      if (now === undefined) return;
      if (sink.isTTY) {
        const whole = `${'▸'.padStart(7)}  ${now}`;
        sink.write(`${CLEAR_LINE}${whole.slice(0, sink.columns - 1)}`);
        live = true;
      } else if (event.t - last > HEARTBEAT_MS) {
        sink.write(`${offset}  ${now}\n`);
        last = event.t;
      }
    },
    close: clear,
  };
}

/** `found`: an audit of this run has found residue, repaired or not. */
function lineOf(event: RunEvent, found: boolean): string | undefined {
  switch (event.kind) {
    case 'run.started':
      return `run ${event.run}`;
    case 'topology':
      return `${event.step}: ${formatDuration(event.ms)}`;
    case 'phase.started':
      return `phase ${event.phase}`;
    case 'fault.injecting':
      return `fault ${event.id} injecting`;
    case 'fault.injected':
      return `fault ${event.id} in force on ${event.targets.join(', ')}`;
    case 'fault.healed':
      return `fault ${event.id} healed`;
    case 'undo.failed':
      return `could not undo ${event.step.do} of ${event.id}: ${event.error}`;
    case 'role':
      return `${event.member} is ${event.role} (${event.state})`;
    case 'not-ready':
      return `${event.message}\n         → ${event.hint.trim().replaceAll('\n', '\n           ')}`;
    case 'error':
    case 'note':
      return event.message;
    case 'aborted':
      return `aborted: ${event.message}`;
    case 'step.began':
    case 'step.ended':
    case 'decided':
    case 'controller.failed':
    case 'deploy.step':
    case 'deploy.ended':
    case 'hops':
    case 'clock.stepped':
    case 'repaired':
      return describeEvent(event)?.text;
    case 'audited':
      return event.found.length === 0 ? undefined : describeEvent(event)?.text;
    case 'residue':
      if (event.residue.length > 0) return `left: ${event.residue.map((r) => r.target).join('; ')}`;
      return found ? 'everything that was left of the faults is repaired' : 'nothing is left of the faults';
    default:
      return undefined;
  }
}
