import { formatDuration } from '../core/duration.ts';
import type { RunEvent } from '../core/events.ts';
import type { RunDocument, Subscriber } from '../core/run.ts';
import type { TextSink } from '../core/world.ts';

const HEARTBEAT_MS = 15_000;

/** Plain lines, one per change. */
export function consoleReporter(sink: TextSink): Subscriber {
  let begun: number | undefined;
  let last = 0;
  return {
    onEvent(event) {
      begun ??= event.t;
      const line = lineOf(event);
      const due = event.kind === 'load' && event.t - last > HEARTBEAT_MS;
      if (line === undefined && !due) return;
      last = event.t;
      const text =
        line ??
        (event.kind === 'load'
          ? `${event.ok} ok, ${event.failed} failed, p95 ${formatDuration(event.p95_ms ?? 0)}`
          : '');
      sink.write(`+${((event.t - begun) / 1_000).toFixed(1)}s  ${text}\n`);
    },
    close: () => undefined,
  };
}

function lineOf(event: RunEvent): string | undefined {
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
    case 'role':
      return `${event.member} is ${event.role} (${event.state})`;
    case 'not-ready':
    case 'error':
    case 'note':
      return event.message;
    case 'residue':
      return event.residue.length === 0
        ? 'nothing is left of the faults'
        : `left: ${event.residue.map((r) => r.target).join('; ')}`;
    default:
      return undefined;
  }
}

export function renderVerdict(document: RunDocument, _sink: TextSink): string {
  const lines = [
    '',
    `${document.verdict}  ${document.title}`,
    ...(document.reason === undefined ? [] : [document.reason]),
    ...document.checks.map(
      (c) => `  ${c.verdict.padEnd(12)} ${c.name} ${c.during.join()}: expected ${c.expected}, observed ${c.observed}`,
    ),
    ...document.faults.map((f) => `  ${f.effective.padEnd(12)} ${f.id}: ${f.evidence}`),
    ...document.invalid.map((i) => `  ${i.code} ${i.message}`),
    `  ${document.dir}`,
    '',
  ];
  return lines.join('\n');
}
