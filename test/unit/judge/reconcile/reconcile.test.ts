import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { HopCounts } from '../../../../harness/core/record/hops.ts';
import { idPrefix, OUTCOMES, type Outcome, type Source, SOURCES } from '../../../../harness/core/load/load.ts';
import { requestTable, type RequestRow } from '../../../../harness/core/load/samples.ts';
import { HopLog, MARKER } from '../../../../harness/judge/reconcile/hop-lines.ts';
import { type HopRecord, reconcile } from '../../../../harness/judge/reconcile/reconcile.ts';

const RUN = '20261124T043000Z-app-replica-kill-3f9a';
const T = Date.UTC(2026, 10, 24, 4, 30);
const A = '172.30.77.9:3000';
const B = '172.30.77.10:3000';
const NAMES: Readonly<Record<string, string>> = { [A]: 'chaos-app-1', [B]: 'chaos-app-2' };

type Try = readonly [address: string, status: number, header: string, seconds: number, sent: number];

/** A run in memory: the requests that the client recorded, and log lines in the form of nginx and of the app. */
class Scene {
  readonly log = new HopLog(RUN);
  readonly rows: RequestRow[] = [];
  edgeDeaths: number[] = [];
  removed = new Map<string, number>();
  totals: HopRecord['totals'];

  constructor(marked = true) {
    if (marked) this.log.edge(JSON.stringify({ request_id: `${RUN}-${MARKER}`, msec: T / 1_000 }));
  }

  client(
    number: number,
    outcome: Outcome,
    status = 200,
    more: Partial<RequestRow> = {},
    source: Source = 'open',
  ): this {
    const at = T + number * 10;
    const common = { planned: at, sent: at + 1, firstByte: NaN, done: at + 20, endpoint: 0, scenario: 0, status };
    this.rows.push({
      ...common,
      outcome: OUTCOMES.indexOf(outcome),
      source: SOURCES.indexOf(source),
      number,
      ...more,
    });
    return this;
  }

  /** `replica`: what the answer of a balancer says; undefined where the edge dials the replicas itself. */
  nginx(
    number: number,
    status: number,
    tries: readonly Try[],
    cache = '',
    source: Source = 'open',
    replica?: string,
  ): this {
    const list = (of: (attempt: Try) => string | number): string => tries.map(of).join(', ');
    const line = {
      msec: (T + number * 10 + 20) / 1_000,
      request_id: `${idPrefix(RUN, source)}${number}`,
      method: 'GET',
      uri: '/api/dashboard?note=a, b : c',
      status,
      duration_s: tries.reduce((sum, [, , , seconds]) => sum + seconds, 0),
      ...(replica !== undefined && { replica }),
      upstream: list(([address]) => address),
      upstream_status: list(([, tried]) => (tried === 0 ? '-' : tried)),
      upstream_s: list(([, , , seconds]) => seconds.toFixed(3)),
      upstream_header_s: list(([, , header]) => header),
      upstream_sent: list(([, , , , sent]) => sent),
      cache,
    };
    this.log.edge(JSON.stringify(line));
    return this;
  }

  app(number: number, address: string, status = 200, source: Source = 'open'): this {
    const time = new Date(T + number * 10 + 15).toISOString();
    const request_id = `${idPrefix(RUN, source)}${number}`;
    const line = { time, level: 'info', message: 'answered', request_id, route: '/', status, ms: 3, address };
    this.log.app(NAMES[address] ?? 'chaos-app-9', JSON.stringify(line));
    return this;
  }

  /** A request that the first replica answers without any trouble. */
  fine(number: number, source: Source = 'open'): this {
    this.client(number, 'ok', 200, {}, source).nginx(number, 200, [answered(A)], '', source);
    return this.app(number, A, 200, source);
  }

  of(source: Source = 'open'): HopCounts {
    return reconcile({
      run: RUN,
      source,
      requests: requestTable(this.rows, { endpoints: ['GET /api/dashboard'], scenarios: ['s'] }),
      totals: this.totals,
      lines: this.log.sources[source],
      complete: this.log.complete,
      edgeDeaths: this.edgeDeaths,
      removed: this.removed,
      addresses: new Map(Object.entries(NAMES)),
    });
  }
}

const answered = (address: string, status = 200): Try => [address, status, '0.010', 0.01, 222];
/** Attempts without an answer, in the form in which nginx 1.22 logs them. */
const broken = (address: string): Try => [address, 502, '-', 0.023, 222];
const refused = (address: string): Try => [address, 502, '-', 0, 0];
const unreachable = (address: string): Try => [address, 504, '-', 0.25, 0];
const silent = (address: string): Try => [address, 504, '-', 4, 222];
const abandoned = (address: string): Try => [address, 0, '-', 1, 222];

const names = ({ differences }: HopCounts): Record<string, number> =>
  Object.fromEntries(differences.map((d) => [d.name, d.count]));
const sumHolds = (c: HopCounts): void =>
  expect(c.planned).to.equal(c.answered + c.failed + c.in_flight + c.dropped) as unknown as void;

describe('reconciliation from hop to hop', () => {
  it('finds no difference when client, edge and replicas agree', () => {
    const counts = new Scene().fine(0).fine(1).fine(2).of();
    expect(counts).to.deep.include({ planned: 3, answered: 3, failed: 0, in_flight: 0, dropped: 0, sent: 3 });
    expect(counts.edge).to.deep.include({ seen: 3, from_upstream: 3, by_itself: 0 });
    expect(counts.attempts).to.deep.equal({ total: 3, retries: 0, outcomes: { answered: 3 } });
    expect(counts.app).to.deep.equal({
      seen: 3,
      replicas: { 'chaos-app-1': 3 },
      served: { 'chaos-app-1': { first: T + 20, last: T + 40 } },
    });
    expect(counts.differences).to.deep.equal([]);
    expect(counts.lost_attempts).to.deep.equal([]);
  });

  it('lists the attempts that a dead replica lost, by address, container, time and outcome', () => {
    const scene = new Scene().fine(0);
    scene
      .client(1, 'ok')
      .nginx(1, 200, [broken(B), answered(A)])
      .app(1, A);
    scene
      .client(2, 'ok')
      .nginx(2, 200, [refused(B), answered(A)])
      .app(2, A);
    scene
      .client(3, 'ok')
      .nginx(3, 200, [unreachable(B), answered(A)])
      .app(3, A);
    scene
      .client(4, 'ok')
      .nginx(4, 200, [unreachable(B), answered(A)])
      .app(4, A);
    const counts = scene.of();
    expect(counts.attempts).to.deep.equal({
      total: 9,
      retries: 4,
      outcomes: { answered: 5, broken: 1, refused: 1, unreachable: 2 },
    });
    expect(counts.lost_attempts.map((l) => [l.replica, l.address, l.outcome, l.count])).to.deep.equal([
      ['chaos-app-2', B, 'broken', 1],
      ['chaos-app-2', B, 'refused', 1],
      ['chaos-app-2', B, 'unreachable', 2],
    ]);
    // The edge logs when a request ends. The lost attempt had ended before the answered attempt began.
    expect(counts.lost_attempts[0]?.first).to.equal(T + 10 + 20 - 10);
    expect(counts.lost_attempts[2]?.examples).to.deep.equal([`${RUN}-3`, `${RUN}-4`]);
    expect(counts.differences).to.deep.equal([]);
  });

  it('distinguishes a replica whose answer the edge did not wait for from a replica that died', () => {
    const scene = new Scene()
      .client(0, 'ok')
      .nginx(0, 200, [silent(B), answered(A)])
      .app(0, A)
      .app(0, B);
    const counts = scene.of();
    expect(names(counts)).to.deep.equal({ app_answered_in_vain: 1 });
    expect(counts.differences[0]?.explained).to.equal(true);
    expect(counts.lost_attempts).to.deep.equal([]);
  });

  it('assigns the log line of a replica to the answered attempt when two attempts went to that replica', () => {
    const counts = new Scene()
      .client(0, 'ok')
      .nginx(0, 200, [refused(A), answered(A)])
      .app(0, A)
      .of();
    expect(counts.differences).to.deep.equal([]);
    expect(counts.lost_attempts).to.have.length(1);
  });

  it('counts a request with status 499 as given up by the client, whatever the replica does later', () => {
    const scene = new Scene()
      .client(0, 'timeout', 0)
      .nginx(0, 499, [abandoned(A)])
      .app(0, A);
    scene.client(1, 'timeout', 0).nginx(1, 499, [abandoned(B)]);
    const counts = scene.of();
    expect(counts.edge).to.deep.include({ seen: 2, gave_up: 2, from_upstream: 0 });
    expect(names(counts)).to.deep.equal({ client_gave_up: 2, app_answered_in_vain: 1 });
    expect(counts.differences[0]?.what).to.contain('timeout 2');
    expect(counts.lost_attempts.map((l) => l.outcome)).to.deep.equal(['abandoned']);
    sumHolds(counts);
  });

  it('follows a request that was turned away like every other request with a whole answer', () => {
    const scene = new Scene()
      .client(0, 'turned_away', 503)
      .nginx(0, 503, [answered(A, 503)])
      .app(0, A, 503);
    const counts = scene.of();
    expect(counts).to.deep.include({ answered: 1, failed: 0, differences: [] });
    sumHolds(counts);
  });

  it('distinguishes a 502 of the edge from a 502 of a replica', () => {
    const scene = new Scene().client(0, 'http_error', 502).nginx(0, 502, [refused(A), refused(B)]);
    scene
      .client(1, 'http_error', 502)
      .nginx(1, 502, [answered(A, 502)])
      .app(1, A, 502);
    scene.client(2, 'http_error', 504).nginx(2, 504, [silent(A)]);
    scene.client(3, 'http_error', 502).nginx(3, 502, [['app', 502, '-', 0, 0]]);
    const counts = scene.of();
    expect(counts.edge).to.deep.include({ from_upstream: 1, by_itself: 3, statuses: { '502': 2, '504': 1 } });
    // For the last request the edge had no replica left to try, and that is no attempt.
    expect(counts.attempts).to.deep.include({ total: 4, retries: 1 });
    expect(counts.differences).to.deep.equal([]);
  });

  it('explains requests that never reached the edge by their outcomes, and counts requests never sent', () => {
    const scene = new Scene().fine(0).client(1, 'reset', 0).client(2, 'timeout', 0).client(3, 'reset', 0);
    scene.client(4, 'refused', 0, { sent: NaN }).client(5, 'dropped', 0, { sent: NaN });
    const counts = scene.of();
    expect(counts).to.deep.include({ planned: 6, answered: 1, failed: 4, dropped: 1, never_sent: 1, sent: 4 });
    expect(names(counts)).to.deep.equal({ never_reached_edge: 3 });
    expect(counts.differences[0]).to.deep.include({ explained: true });
    expect(counts.differences[0]?.what).to.contain('(reset 2, timeout 1)');
    sumHolds(counts);
  });

  it('reports an answer that the edge gave and the client did not receive', () => {
    const counts = new Scene()
      .client(0, 'truncated', 200)
      .nginx(0, 200, [answered(A)])
      .app(0, A)
      .of();
    expect(names(counts)).to.deep.equal({ answer_not_received: 1 });
    expect(counts.differences[0]?.explained).to.equal(true);
  });

  it('expects no replica behind an answer from the cache, and explains a background refresh of the cache', () => {
    const scene = new Scene().client(0, 'ok').nginx(0, 200, [], 'HIT').client(1, 'ok').nginx(1, 200, [], 'UPDATING');
    scene
      .app(1, A)
      .client(2, 'ok')
      .nginx(2, 200, [silent(A)], 'STALE');
    const counts = scene.of();
    expect(counts.edge).to.deep.include({ from_cache: 3, from_upstream: 0, by_itself: 0 });
    expect(names(counts)).to.deep.equal({ background_refresh: 1 });
  });

  it('reports every log line that is missing at the edge or at a replica', () => {
    const scene = new Scene().fine(0).client(1, 'ok').app(1, A).client(2, 'ok').client(3, 'reset', 0).app(3, A);
    scene.client(4, 'ok').nginx(4, 200, [answered(B)]);
    const counts = scene.of();
    expect(names(counts)).to.deep.equal({ edge_log_line_missing: 3, app_log_line_missing: 1 });
    expect(counts.differences.every((d) => !d.explained)).to.equal(true);
    expect(counts.differences[0]?.examples).to.deep.equal([1, 2, 3].map((n) => `${RUN}-${n}`));
    expect(counts.differences[1]?.what).to.contain('chaos-app-2 1');
  });

  it('counts a torn log line as missing', () => {
    const scene = new Scene().client(0, 'ok').app(0, A);
    scene.log.edge(`{"msec":1795494600.030,"request_id":"${RUN}-0","method":"GE`);
    expect(names(scene.of())).to.deep.equal({ edge_log_line_missing: 1 });
  });

  it('explains missing lines of the last moments before the edge died, and no other lines', () => {
    const scene = new Scene().fine(0).client(100, 'ok').client(900, 'ok');
    scene.edgeDeaths = [T + 100 * 10 + 400];
    const counts = scene.of();
    expect(names(counts)).to.deep.equal({ edge_log_line_missing: 1, edge_log_died: 1 });
    expect(counts.differences[0]?.examples).to.deep.equal([`${RUN}-900`]);
  });

  it('explains lines that were removed with a replica or the edge, and no later lines', () => {
    const scene = new Scene()
      .client(0, 'ok')
      .nginx(0, 200, [answered(A)])
      .client(1, 'ok')
      .nginx(1, 200, [answered(B)]);
    scene.client(900, 'ok').nginx(900, 200, [answered(A)]);
    scene.removed.set('chaos-app-1', T + 5_000);
    expect(names(scene.of())).to.deep.equal({ log_removed: 1, app_log_line_missing: 2 });
    const edge = new Scene().client(0, 'ok').client(900, 'ok');
    edge.removed.set('', T + 5_000);
    expect(names(edge.of())).to.deep.equal({ log_removed: 1, edge_log_line_missing: 1 });
  });

  it('explains lines from before the beginning of a rotated log, and no later lines', () => {
    const scene = new Scene(false).client(0, 'ok').client(1, 'ok').fine(5).client(6, 'ok');
    expect(names(scene.of())).to.deep.equal({ log_rotated: 2, edge_log_line_missing: 1 });
    const whole = new Scene().client(0, 'ok').fine(5);
    expect(names(whole.of())).to.deep.equal({ edge_log_line_missing: 1 });
  });

  it('reports requests that were seen twice, or seen though they were never sent or never planned', () => {
    const scene = new Scene()
      .fine(0)
      .nginx(0, 200, [answered(A)])
      .app(0, A);
    scene
      .client(1, 'dropped', 0, { sent: NaN })
      .nginx(1, 200, [answered(A)])
      .app(1, A);
    scene.nginx(77, 200, [answered(A)]).app(77, A);
    scene.log.app('chaos-app-1', JSON.stringify({ request_id: `${RUN}-x9`, time: 'now' }));
    const counts = scene.of();
    expect(names(counts)).to.deep.equal({ seen_twice_by_edge: 1, seen_though_never_sent: 1, unknown_to_client: 2 });
    expect(counts.differences.flatMap((d) => d.examples)).to.include.members([`${RUN}-77`, `${RUN}-x9`]);
    expect(counts.differences.every((d) => !d.explained)).to.equal(true);
  });

  it('reports a status that changed between two hops', () => {
    const scene = new Scene()
      .client(0, 'ok', 200)
      .nginx(0, 503, [answered(A, 503)])
      .app(0, A, 503);
    scene
      .client(1, 'ok')
      .nginx(1, 200, [answered(A)])
      .app(1, A, 500);
    expect(names(scene.of())).to.deep.equal({ status_differs: 1, app_status_differs: 1 });
  });

  it('reports a replica that logged a request for which the edge made no attempt', () => {
    expect(names(new Scene().fine(0).app(0, B).of())).to.deep.equal({ app_without_attempt: 1 });
  });

  it('counts a request without an end as in flight, and compares its sums with the count of the generator', () => {
    const scene = new Scene()
      .fine(0)
      .nginx(1, 200, [answered(A)])
      .app(1, A);
    scene.totals = { planned: 2, ok: 1, failed: 0, dropped: 0 };
    const counts = scene.of();
    expect(counts).to.deep.include({ planned: 2, answered: 1, in_flight: 1 });
    expect(counts.differences).to.deep.equal([]);
    sumHolds(counts);
    scene.totals = { planned: 3, ok: 2, failed: 1, dropped: 0 };
    expect(names(scene.of())).to.deep.equal({ ledger_differs: 2 });
    const twice = new Scene().fine(0).client(0, 'ok');
    expect(names(twice.of())).to.deep.equal({ ledger_differs: 1 });
  });

  it('follows the requests of the pressure separately', () => {
    const scene = new Scene().fine(0).fine(1, 'pressure').fine(0, 'pressure').client(2, 'timeout', 0, {}, 'pressure');
    expect(scene.of()).to.deep.include({ planned: 1, answered: 1 });
    const pressure = scene.of('pressure');
    expect(pressure).to.deep.include({ source: 'pressure', planned: 3, answered: 2, failed: 1 });
    expect(pressure.differences[0]?.examples).to.deep.equal([`${RUN}-p2`]);
  });

  it('ignores log lines that belong to no request of the run', () => {
    const scene = new Scene().fine(0);
    scene.log.edge('{"msec":1,"request_id":"4c0f","status":200}');
    scene.log.edge(`2026/11/24 04:30:00 [warn] ${RUN} not JSON`);
    scene.log.app('chaos-app-1', '{"level":"info","message":"serving"}');
    expect(scene.of().differences).to.deep.equal([]);
  });

  describe('behind a balancer', () => {
    const B1 = '172.30.77.3:8080';
    /** A line of the edge, which dials the balancer; `replica` is the header of the answer. */
    const edge = (scene: Scene, number: number, status: number, replica: string, tries: readonly Try[]): void => {
      scene.nginx(number, status, tries, '', 'open', replica);
    };
    const balancer = (scene: Scene, number: number, line: Record<string, unknown>): void =>
      scene.log.balancer(
        JSON.stringify({ request_id: `${idPrefix(RUN, 'open')}${number}`, msec: T / 1_000, total_ms: 20, ...line }),
      );

    it('knows the replica of a first try from the line of the edge', () => {
      const scene = new Scene().client(0, 'ok');
      edge(scene, 0, 200, A, [answered(B1)]);
      const counts = scene.app(0, A).of();
      expect(counts.attempts).to.deep.equal({ total: 1, retries: 0, outcomes: { answered: 1 } });
      expect(counts.differences).to.deep.equal([]);
    });

    it('counts a try again, and gives a replica that answered in vain to the try whose replica is unknown', () => {
      const scene = new Scene().client(0, 'ok').client(1, 'ok');
      for (const number of [0, 1]) {
        edge(scene, number, 200, B, [answered(B1)]);
        balancer(scene, number, { status: 200, replica: B, retries: '+1', ended: '--' });
      }
      const counts = scene.app(0, B).app(1, B).app(1, A).of();
      expect(counts.attempts).to.deep.equal({ total: 4, retries: 2, outcomes: { retried: 2, answered: 2 } });
      expect(names(counts)).to.deep.equal({ app_answered_in_vain: 1 });
      expect(counts.lost_attempts).to.have.length(1);
      expect(counts.lost_attempts[0]).to.include({ address: '', outcome: 'retried', count: 1 });
    });

    it('reads how a last try ended', () => {
      const ends = { SC: 'refused', sC: 'unreachable', SH: 'broken', sH: 'timeout', CH: 'abandoned', DH: 'broken' };
      for (const [ended, outcome] of Object.entries(ends)) {
        const scene = new Scene().client(0, 'http_error', 503);
        edge(scene, 0, 503, '-', [answered(B1, 503)]);
        balancer(scene, 0, { status: 503, replica: A, retries: '0', ended });
        const counts = scene.of();
        expect(counts.attempts.outcomes, ended).to.deep.equal({ [outcome]: 1 });
        expect(counts.lost_attempts[0]?.address, ended).to.equal(A);
        expect(counts.edge.by_itself, ended).to.equal(1);
      }
    });

    it('does not blame the replica that the balancer had begun to try again, when it ended the request of another', () => {
      const scene = new Scene().client(0, 'http_error', 502);
      edge(scene, 0, 502, '', [broken(B1)]);
      balancer(scene, 0, { status: -1, replica: A, retries: '+1', ended: 'D-' });
      const counts = scene.of();
      expect(counts.attempts.outcomes).to.deep.equal({ retried: 1, broken: 1 });
      expect(counts.lost_attempts.map(({ address }) => address)).to.deep.equal(['', '']);
    });

    it('knows of a try that the balancer ended when it put the replica aside, before it had another', () => {
      const scene = new Scene().client(0, 'http_error', 503);
      edge(scene, 0, 503, '-', [answered(B1, 503)]);
      balancer(scene, 0, { status: 503, replica: '-:-', retries: '0', ended: 'DQ' });
      const counts = scene.app(0, A).of();
      expect(counts.attempts.outcomes).to.deep.equal({ broken: 1 });
      expect(names(counts), 'the replica has logged it').to.deep.equal({ app_answered_in_vain: 1 });
    });

    it('knows of no try when the balancer had no replica', () => {
      const scene = new Scene().client(0, 'http_error', 503);
      edge(scene, 0, 503, '-', [answered(B1, 503)]);
      balancer(scene, 0, { status: 503, replica: '-:-', retries: '0', ended: 'SC' });
      const counts = scene.of();
      expect(counts.attempts.total).to.equal(0);
      expect(counts.edge.statuses).to.deep.equal({ 503: 1 });
      expect(counts.differences).to.deep.equal([]);
    });

    it('gives what a replica answered to the try that the balancer took with it when it died', () => {
      const scene = new Scene().client(0, 'http_error', 502);
      edge(scene, 0, 502, '', [broken(B1)]);
      const counts = scene.app(0, A).of();
      expect(names(counts)).to.deep.equal({ app_answered_in_vain: 1 });
    });

    it('needs no line of the balancer for a request that the balancer refused by itself', () => {
      const scene = new Scene().client(0, 'http_error', 503);
      edge(scene, 0, 503, '-', [answered(B1, 503)]);
      const counts = scene.of();
      expect(counts.edge).to.deep.include({ from_upstream: 0, by_itself: 1, statuses: { 503: 1 } });
      expect(counts.differences).to.deep.equal([]);
    });

    it('keeps the answered attempt of an edge that tried again when the balancer ended without an answer', () => {
      const scene = new Scene().client(0, 'ok');
      edge(scene, 0, 200, B, [broken(B1), answered(B1)]);
      balancer(scene, 0, { status: 503, replica: A, retries: '0', ended: 'sC' });
      const counts = scene.app(0, B).of();
      expect(counts.attempts).to.deep.equal({ total: 2, retries: 1, outcomes: { unreachable: 1, answered: 1 } });
      expect(counts.edge.from_upstream).to.equal(1);
      expect(counts.differences).to.deep.equal([]);
      expect(counts.lost_attempts[0]).to.include({ address: A, outcome: 'unreachable', count: 1 });
    });

    it('gives each of two answers of one replica to its own try', () => {
      const scene = new Scene().client(0, 'ok');
      edge(scene, 0, 200, A, [answered(B1)]);
      balancer(scene, 0, { status: 200, replica: A, retries: '1', ended: '--' });
      expect(names(scene.app(0, A, 500).app(0, A).of())).to.deep.equal({ app_answered_in_vain: 1 });
    });

    it('does not explain a replica that nobody tried', () => {
      const scene = new Scene().client(0, 'ok');
      edge(scene, 0, 200, A, [answered(B1)]);
      expect(names(scene.app(0, A).app(0, B).of())).to.deep.equal({ app_without_attempt: 1 });
    });
  });
});
