import type { Series } from '../../../harness/core/kinds/series.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import { REPLAYED, WRITTEN } from '../../../harness/kit/acts/replication.ts';
import { readingName } from '../../../harness/kit/promql/asked.ts';
import { series } from '../../../harness/series/index.ts';
import { containerState } from './container.ts';
import { sampleRun } from './run.ts';

/** The sample run, with more events that a run records for some faults and series only. */
export function wholeRecord(): readonly RunEvent[] {
  const { events } = sampleRun({
    outageS: 10,
    ratePerS: 60,
    seconds: { warmup: 3, baseline: 10, fault: 15, heal: 3, recovery: 5 },
  }).history;
  const begun = events.find((e) => e.kind === 'phase.started')?.t ?? 0;
  const lost = events.find((e) => e.kind === 'fault.injected')?.t ?? 0;
  const more: RunEvent[] = [];
  for (let t = begun; t < lost + 14_000; t += 500) {
    const gone = t >= lost;
    more.push({ kind: 'host', t, busy_ms: 100, idle_ms: 300, stolen_ms: gone ? 100 : 0 });
    for (const one of series) more.push(reading(t, one, gone ? (t - lost) / 100 : 3));
    for (const name of ['app-1', 'worker-1']) more.push(container(t, `chaos-${name}`, true));
    for (const name of ['a', 'b']) more.push(container(t, `chaos-postgres-${name}-1`, name === 'b' || !gone));
    const position = (observer: string, value: number): RunEvent => ({
      kind: 'observation',
      t,
      observer,
      ok: true,
      value,
      established: 0,
    });
    more.push(position(WRITTEN, t - begun), position(REPLAYED, Math.min(t, lost) - begun - 50));
  }
  return [...events, ...more].toSorted((a, b) => a.t - b.t);
}

/** What a probe would record for a series that reads such events. Other series do not see them. */
function reading(t: number, { name, unit, example }: Series, value: number): RunEvent {
  const source = `chaos-${(example.of ?? 'app').split(':')[0]}-1`;
  if (example.of !== undefined && name === 'promql')
    return { kind: 'reading', t, source: 'prometheus', name: readingName(example.of), labels: {}, value, unit };
  const measured = name === 'printed' ? `${name} ${example.of ?? ''}` : name;
  return { kind: 'reading', t, source, name: measured, labels: { container: source }, value, unit };
}

const container = (t: number, name: string, running: boolean): RunEvent => ({
  kind: 'container',
  t,
  ...containerState({
    container: name,
    status: running ? 'running' : 'exited',
    running,
    pid: 1,
    restarts: running ? 0 : 1,
    health: 'none',
    networks: {},
  }),
});
