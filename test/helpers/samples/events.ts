import type { EventOf, RunEvent } from '../../../harness/core/record/events.ts';
import type { Random } from '../../../harness/core/random.ts';
import type { Workload } from '../../../harness/core/load/load.ts';

export interface SampleSpan {
  readonly started: number;
  readonly ended: number;
  /** Epoch milliseconds at which the fault bit and was undone. Both are undefined in a run without a fault. */
  readonly bit: number | undefined;
  readonly undone: number | undefined;
  readonly random: Random;
}

const within = (t: number, { bit, undone }: SampleSpan): boolean =>
  bit !== undefined && t >= bit && t < (undone ?? Infinity);

/** Observations every 250 ms of the node that dies and of the node that stays. */
export function sampleObservations(span: SampleSpan): EventOf<'observation'>[] {
  const events: EventOf<'observation'>[] = [];
  for (let t = span.started; t < span.ended; t += 250) {
    const down = within(t, span);
    const rtt = 0.6 + span.random() * 0.9;
    const a = { kind: 'observation' as const, t, observer: 'haproxy -> chaos-postgres-a-1:5432' };
    events.push(
      down ? { ...a, ok: false, error: 'EHOSTUNREACH', established: 0 } : { ...a, ok: true, rtt, established: 14 },
    );
    events.push({
      kind: 'observation',
      t: t + 3,
      observer: 'haproxy -> chaos-postgres-b-1:5432',
      ok: true,
      rtt: rtt * 1.1,
      established: down ? 14 : 6,
    });
  }
  return events;
}

const SERVERS = [
  'postgres-a-1',
  'postgres-b-1',
  'haproxy-1',
  'redis-1',
  'app-1',
  'app-2',
  'app-3',
  'worker-1',
  'nginx-1',
  'toxiproxy-1',
];

export function sampleResources(span: SampleSpan): RunEvent[] {
  const events: RunEvent[] = [];
  for (let t = span.started, n = 0; t < span.ended; t += 5_000, n += 1) {
    for (const [i, server] of SERVERS.entries()) {
      const usual = 4 + ((i * 7) % 11) * 2 + span.random() * 4;
      const cpu =
        server === 'postgres-a-1' && within(t, span)
          ? 0
          : server === 'postgres-b-1' && within(t, span)
            ? usual * 2.4
            : usual;
      events.push({
        kind: 'resources',
        t,
        server_id: `chaos-${server}`,
        cpu_percent: n === 0 ? null : cpu,
        memory_percent: 3 + i,
        disk_percent: null,
        network_bytes_per_s: 40_000 + i * 9_000,
        connections: null,
      });
    }
    events.push({
      kind: 'resources',
      t,
      server_id: 'host',
      cpu_percent: 48 + span.random() * 12,
      memory_percent: 31,
      disk_percent: 22.4,
      network_bytes_per_s: null,
      connections: null,
    });
    const cache = { kind: 'cache' as const, t, evictions: n, average_ms: 0.4 };
    events.push({
      ...cache,
      layer: 'application',
      pattern: 'dashboard:*',
      hits: 1_000 + n * 240,
      misses: 200 + n * 30,
    });
    events.push({ ...cache, layer: 'redis', pattern: 'dashboard:*', hits: 400 + n * 20, misses: 90 + n * 10 });
    events.push({ ...cache, layer: 'cdn', pattern: '/photos/1', hits: n * 5, misses: 1, evictions: 0 });
  }
  return events;
}

/** The findings of the audit of writes, one for each write endpoint. `lost` payments are lost, and no other writes. */
export function sampleAudit(workload: Workload, at: number, lost: number): RunEvent[] {
  const writes = workload.scenarios.flatMap((s) => s.endpoints).filter((e) => e.kind === 'write');
  const findings = writes.map((e, i): RunEvent => {
    const payments = e.path.includes('payments');
    return {
      kind: 'audit',
      t: at,
      finding: {
        endpoint: e.name,
        acknowledged: 1_240 - i * 130,
        unknown: 31 - i * 3,
        lost: payments ? lost : 0,
        wrong_value: 0,
        overwritten: 0,
        effect_missing: 0,
        effect_repeated: 0,
        duplicated: 0,
        unknown_present: 12 - i,
        examples: payments && lost > 0 ? ['key 7f3a: acknowledged at 04:31:02.117, not there'] : [],
      },
    };
  });
  return [...findings, { kind: 'audit.ended', t: at + 420, complete: true, primary: 'postgres-b', ms: 420 }];
}
