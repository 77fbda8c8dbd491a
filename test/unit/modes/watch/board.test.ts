import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { linesOf } from '../../../../harness/core/record/series-lines.ts';
import { Board } from '../../../../harness/modes/watch/board/board.ts';
import type { ServiceState, Update } from '../../../../harness/modes/watch/message.ts';
import { describeEvent } from '../../../../harness/reporters/wording/describe-event.ts';
import { series } from '../../../../harness/series/index.ts';
import { keptEvents } from '../../../helpers/replay.ts';
import { scaledRun } from '../../../helpers/samples/scaled-run.ts';

const parts = { series, describe: describeEvent };

function updatesOf(events: readonly RunEvent[]): Update[] {
  const board = new Board(parts);
  return events.flatMap((event) => board.see(event) ?? []);
}

/** The last state of each service. */
const servicesAt = (updates: readonly Update[]): ReadonlyMap<string, ServiceState> =>
  new Map(updates.flatMap(({ services = [] }) => services.map((one) => [one.name, one] as const)));

const failover = keptEvents('v2-postgres-primary-loss');

describe('the board of the live page', () => {
  it('has the points of the series that a report draws, at the same moments', () => {
    const updates = updatesOf(failover);
    const begin = updates.find((one) => one.begin !== undefined)?.begin;
    const origin = failover.find(({ kind }) => kind === 'phase.started')?.t ?? 0;
    const [started] = failover;
    if (started?.kind !== 'run.started') throw new Error('the record has no beginning');
    const { topology } = started.plan;
    // After the last phase the load counts a part of a second.
    const events = failover.slice(
      0,
      failover.findLastIndex(({ kind }) => kind === 'phase.ended'),
    );
    for (const [chart, line, name, of] of [
      ['latency', 'p95', 'latency_p95', undefined],
      ['throughput', 'achieved', 'throughput', undefined],
      ['errors', 'failed', 'error_share', undefined],
      ['resources', 'host CPU', 'cpu', 'host'],
    ] as const) {
      const at = begin?.charts.findIndex(({ id }) => id === chart);
      const drawn = updates.flatMap(({ points = [] }) => points.filter(([c, l]) => c === at && l === line));
      const one = series.find((known) => known.name === name);
      const read = [...(one === undefined ? [] : linesOf(one, of, { events, topology }).values())].flat();
      const expected = read
        .filter((point) => point.at >= origin)
        .map((point) => [Math.round(point.at - origin) / 1_000, Number(point.value.toPrecision(4))]);
      expect(
        drawn.map(([, , x, value]) => [x, value]),
        chart,
      ).to.deep.equal(expected);
      expect(drawn.length, chart).to.be.greaterThan(10);
    }
  });

  it('has a set of figures for each second of the load, and the share of good answers since the baseline', () => {
    const updates = updatesOf(failover);
    const cards = updates.flatMap((one) => (one.cards === undefined ? [] : [one.cards]));
    const over = failover.findLast(({ kind }) => kind === 'phase.ended')?.t ?? 0;
    const ticks = failover.filter((event) => event.kind === 'load').filter(({ t }) => t <= over);
    expect(cards).to.have.lengthOf(ticks.length);
    const judged = ticks.filter(
      ({ t }) => t >= (failover.find((e) => e.kind === 'phase.started' && e.phase === 'baseline')?.t ?? 0),
    );
    const [ok, failed] = [judged.reduce((n, e) => n + e.ok, 0), judged.reduce((n, e) => n + e.failed, 0)];
    const ids = updates.find((one) => one.begin)?.begin?.cards.map(({ id }) => id) ?? [];
    expect(ids).to.deep.equal(['response_time', 'throughput', 'errors', 'users', 'uptime', 'replicas']);
    expect(cards.at(-1)?.[4]).to.equal(Number(((ok / (ok + failed)) * 100).toFixed(4)));
    expect(cards.at(-1)?.[3]).to.equal(2_198);
    expect(cards[0]?.[4], 'the warm-up does not count').to.equal(null);
    expect(cards.at(-1)?.[5]).to.equal(3);
  });

  it('follows phases, faults and the services that a fault hits, until they are well again', () => {
    const updates = updatesOf(failover);
    expect(
      updates.flatMap(({ phase }) => (phase === undefined || phase.over === true ? [] : [phase.name])),
    ).to.deep.equal(['warmup', 'baseline', 'fault', 'heal', 'recovery']);
    expect(updates.flatMap(({ fault }) => (fault === undefined ? [] : [fault.state]))).to.deep.equal([
      'injecting',
      'in force',
      'healing',
      'healed',
    ]);
    const injected = updates.findIndex(({ fault }) => fault?.state === 'in force');
    const healing = updates.findIndex(({ fault }) => fault?.state === 'healing');
    const during = servicesAt(updates.slice(0, healing));
    const hit = updates[injected]?.fault?.targets[0] ?? '';
    const service = hit.replace(/^chaos-/, '').replace(/-1$/, '');
    expect(during.get(service)).to.deep.include({ look: 'down', up: 0, faults: ['kill-1'] });
    const after = servicesAt(updates);
    expect([...after.values()].filter(({ look }) => look !== 'up')).to.deep.equal([]);
    expect([...after.values()].flatMap(({ faults }) => faults)).to.deep.equal([]);
    expect(updates.at(-1)).to.include({ verdict: 'PASS' });
  });

  it('counts the containers of a service that a controller scales, as the engine tells of them', () => {
    const { history } = scaledRun();
    const updates = updatesOf(history.events);
    const counts = updates.flatMap(({ cards }) => (cards === undefined ? [] : [cards[5] ?? null]));
    const most = Math.max(...counts.map((count) => count ?? 0));
    expect(most).to.be.greaterThan(counts.find((count) => count !== null) ?? Infinity);
  });

  it('shows an alert with its last state, and when it was delivered', () => {
    const [started] = failover;
    const alert = (more: object) =>
      ({ name: 'InstanceDown', labels: { severity: 'page' }, ...more }) as unknown as RunEvent;
    const updates = updatesOf([
      started!,
      alert({ t: 10, kind: 'alert.state', state: 'pending', at: 9 }),
      alert({ t: 20, kind: 'alert.state', state: 'firing', at: 19 }),
      alert({ t: 22, kind: 'alert.delivered', status: 'firing', at: 21 }),
      alert({ t: 30, kind: 'alert.state', state: 'firing', at: 29 }),
    ]);
    const seen = updates.flatMap((one) => one.alert ?? []);
    expect(seen.map(({ state }) => state)).to.deep.equal(['pending', 'firing', 'firing', 'firing']);
    expect(seen.at(-1)).to.deep.include({ since: 19, delivered: { status: 'firing', at: 21 } });
  });

  it('says nothing of a container that has no figures any more, and that nobody told of', () => {
    const [started] = failover;
    const use = (t: number, server_id: string): RunEvent => ({
      t,
      kind: 'resources',
      server_id,
      cpu_percent: 1,
      memory_percent: 1,
      disk_percent: null,
      network_bytes_per_s: null,
      connections: null,
    });
    const updates = updatesOf([started!, use(1_000, 'chaos-redis-1'), use(6_000, 'host'), use(20_000, 'host')]);
    const looks = updates
      .flatMap(({ services = [] }) => services.filter(({ name }) => name === 'redis'))
      .map(({ look }) => look);
    expect(looks).to.deep.equal(['unknown', 'up', 'unknown']);
  });

  it('makes the same updates of the same events', () => {
    expect(JSON.stringify(updatesOf(failover))).to.equal(JSON.stringify(updatesOf(failover)));
  });
});
