import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Series } from '../../../harness/core/kinds/series.ts';
import type { RunEvent } from '../../../harness/core/record/events.ts';
import cpu from '../../../harness/series/cpu.ts';
import restarts from '../../../harness/series/restarts.ts';
import running from '../../../harness/series/running.ts';
import standbys from '../../../harness/series/standbys.ts';
import { containerState } from '../../helpers/samples/container.ts';
import { SMALL_PLAN } from '../../helpers/samples/history.ts';

const tick = (t: number): RunEvent => ({
  kind: 'load',
  t,
  planned: 0,
  sent: 0,
  ok: 0,
  failed: 0,
  dropped: 0,
  in_flight: 0,
  p50_ms: undefined,
  p95_ms: undefined,
  lag_p99_ms: undefined,
  pressure_ok: 0,
  pressure_failed: 0,
});
const state = (t: number, container: string, over: Parameters<typeof containerState>[0] = {}): RunEvent => ({
  kind: 'container',
  t,
  ...containerState({ container, ...over }),
});
const values = (series: Series, of: string | undefined, events: readonly RunEvent[]): number[] => {
  const read = series.read(of, SMALL_PLAN.topology);
  return events.flatMap((event) => read(event).map(({ value }) => value));
};

describe('the series of containers', () => {
  it('count those that run and are not paused, and forget one that no longer exists', () => {
    const events = [
      tick(500),
      state(1_000, 'chaos-app-1'),
      state(1_000, 'chaos-app-2', { paused: true }),
      state(1_000, 'chaos-app-3', { running: false }),
      state(1_000, 'chaos-redis-1'),
      tick(1_500),
      state(2_000, 'chaos-app-2'),
      tick(2_500),
      tick(6_500),
      tick(7_500),
    ];
    expect(values(running, 'app', events)).to.deep.equal([1, 2, 1, 0]);
  });

  it('read the restarts of each container with each second of the load', () => {
    const events = [state(1_000, 'chaos-app-1', { restarts: 2 }), state(1_000, 'chaos-app-2'), tick(1_500)];
    expect(values(restarts, 'app', events)).to.deep.equal([2, 0]);
    expect(values(restarts, 'chaos-app-1', events)).to.deep.equal([2]);
    expect(restarts.needs?.('app', SMALL_PLAN.topology)).to.deep.equal({ watched: ['app'] });
  });

  it('read the CPU of a service, a group, a container or the host, and leave out what was not measured', () => {
    const use = (server_id: string, cpu_percent: number | null): RunEvent => ({
      kind: 'resources',
      t: 1_000,
      server_id,
      cpu_percent,
      memory_percent: 1,
      disk_percent: 1,
      network_bytes_per_s: 1,
      connections: null,
    });
    const events = [use('chaos-app-1', 10), use('chaos-app-2', null), use('chaos-postgres-a-1', 20), use('host', 30)];
    expect(values(cpu, 'app', events)).to.deep.equal([10]);
    expect(values(cpu, 'postgres', events)).to.deep.equal([20]);
    expect(values(cpu, 'host', events)).to.deep.equal([30]);
    expect(values(cpu, undefined, events)).to.deep.equal([10, 20, 30]);
  });
});

describe('the series of roles', () => {
  const role = (t: number, member: string, now: 'primary' | 'standby' | 'unknown'): RunEvent => ({
    kind: 'role',
    t,
    group: 'postgres',
    member,
    role: now,
    state: 'running',
    timeline: 1,
  });

  it('say nothing before every member has said its role, then the same with each second until one changes', () => {
    const events = [
      role(0, 'postgres-a', 'primary'),
      tick(500),
      role(900, 'postgres-b', 'standby'),
      tick(1_500),
      role(2_000, 'postgres-b', 'unknown'),
    ];
    expect(values(standbys, 'postgres', events)).to.deep.equal([1, 1, 0]);
    expect(values(standbys, 'another', events)).to.deep.equal([]);
  });
});
