import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { PrometheusControl } from '../../harness/control/prometheus/prometheus.ts';
import { systemClock } from '../../harness/core/clock.ts';
import type { RunDocument } from '../../harness/core/record/run.ts';
import { againstLedger } from '../../harness/core/sla/against-ledger.ts';
import { readCounters } from '../../harness/core/sla/counters.ts';
import type { Command } from '../../harness/core/topology/command.ts';
import type { Hold } from '../../harness/core/topology/hold.ts';
import { prometheusAt } from '../../harness/main.ts';
import { makeUpHistory } from '../../harness/modes/alerts/history.ts';
import { rulesSeen } from '../../harness/probes/alerts/rules.ts';
import { readHistory } from '../../harness/record/read.ts';
import { panelExpressions } from '../helpers/alert-rules.ts';
import { chaos, ROOT, runExperiment, summary, TEST_ENV } from '../helpers/chaos.ts';
import { containersOf, docker, leftovers } from '../helpers/docker.ts';
import { SPEC } from '../helpers/doubles/topology.ts';
import { known } from '../helpers/known.ts';

const PROMETHEUS = `http://127.0.0.1:${TEST_ENV['CHAOS_PROMETHEUS_PORT']}`;
const PAGER = `http://127.0.0.1:${TEST_ENV['CHAOS_PAGER_PORT']}`;
/** Nothing of these is there while all is well. */
const EMPTY_WHEN_WELL = ['ALERTS'];

const get = async <T>(url: string): Promise<T> =>
  (await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).json()) as T;

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly unknown[] };
}
const query = (expression: string): Promise<Answer> =>
  get(`${PROMETHEUS}/api/v1/query?query=${encodeURIComponent(expression)}`);

interface Deliveries {
  readonly deliveries: readonly {
    readonly status: string;
    readonly receiver: string;
    readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
  }[];
}

/** An experiment with monitoring whose only subject are its faults. */
function experiment(title: string, ...faults: readonly string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'monitoring-')), 'replica.yaml');
  writeFileSync(
    file,
    `title: ${title}
topology: ${ROOT}/docker-compose.chaos.yml
monitoring: true
load: { workload: ${ROOT}/experiments/workloads/saturday.yaml, rate: 60/s }
phases: { warmup: 2s, baseline: 10s, fault: 40s, recovery: 20s }
faults:
${faults.map((fault) => `  - ${fault}\n`).join('')}hypotheses:
  - acknowledged_writes: { lost: 0 }
`,
  );
  return file;
}
/** A replica of the app is away for longer than AppReplicasMissing waits. */
const killed = experiment('Somebody is told that a replica is gone', 'kill: { service: app, count: 1 }');
/**
 * A replica that ends in order waits until Prometheus has read what it counted. The third replica is paused: the balancer
 * sends its requests elsewhere, and it answers them too, in vain, when it goes on.
 */
const restarted = experiment(
  'Two replicas restart and one is paused, and every answer is counted',
  'restart: { service: app, replica: 1, grace_s: 15 }',
  'restart: { service: app, replica: 2, grace_s: 15, at: 20s }',
  'pause: { service: app, replica: 3, at: 33s, for: 4s }',
);

/** What the load asks the app for. Probes ask for other addresses: the edge's cache for a photo, a replica for nothing. */
const COUNTED = 'job="app", route=~"/api/.*"';
/** Carries out a command in a container, as the harness does. */
const act = (command: Command): Promise<string> => {
  if (!('in' in command)) throw new TypeError('only commands in containers');
  return Promise.resolve(docker('exec', '--user', command.user ?? 'root', command.in, ...command.run));
};
const hold = async ({ before, set }: Hold) => {
  const steps = await before();
  await set();
  const release = async (): Promise<void> => {
    for (const step of steps) if (step.do === 'command') await act(step.command);
  };
  return { release };
};

/** Prometheus reads the counters every 5 s. */
const NEXT_SCRAPE_MS = 6_000;

describe('monitoring of real containers', function () {
  this.timeout(420_000);
  let document: RunDocument;

  before(async () => {
    // The topology is kept without what watches it, as the tests before this one leave it.
    const up = await chaos(['topology', 'up']);
    expect(up.code, up.stderr).to.equal(0);
    expect(containersOf('prometheus')).to.deep.equal([]);
    document = await runExperiment([killed]);
  });

  after(async () => {
    // The tests after this one find the topology as it was.
    for (const service of ['prometheus', 'alertmanager', 'pager', 'exporters'])
      containersOf(service).forEach((name) => docker('rm', '--force', '--volumes', name));
  });

  it('is brought up for a run that asks for it, and leaves nothing of the fault behind', async () => {
    const said = summary(document);
    expect([document.restored, document.residue], said).to.deep.equal([true, []]);
    expect(
      document.checks.map(({ verdict }) => verdict),
      said,
    ).to.deep.equal(['PASS']);
    for (const service of ['prometheus', 'alertmanager', 'pager', 'exporters'])
      expect(containersOf(service)).to.have.lengthOf(1);
    expect(await leftovers()).to.deep.equal([]);
  });

  it('reaches every target', async () => {
    const { data } = await get<{
      readonly data: { readonly activeTargets: readonly { health: string; scrapeUrl: string; lastError: string }[] };
    }>(`${PROMETHEUS}/api/v1/targets?state=active`);
    const ill = data.activeTargets.filter(({ health }) => health !== 'up');
    expect(ill.map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`)).to.deep.equal([]);
    expect(data.activeTargets.length).to.be.at.least(14);
  });

  it('delivered that a replica was gone, and that it came back', async () => {
    const { deliveries } = await get<Deliveries>(`${PAGER}/deliveries`);
    const about = deliveries.filter(({ alerts }) => alerts.some((a) => a.labels['alertname'] === 'AppReplicasMissing'));
    expect(about.map(({ status, receiver }) => `${status} to ${receiver}`)).to.deep.equal([
      'firing to ticket',
      'resolved to ticket',
    ]);
    const paged = deliveries.filter(({ receiver }) => receiver === 'page').flatMap(({ alerts }) => alerts);
    expect(paged.map(({ labels }) => labels['alertname'])).to.deep.equal([]);
  });

  it('counts the requests and errors that the ledger has, and the answers that nobody used, over two restarts', async () => {
    // The counters must show every request of the run before, or they would count it to this run.
    await systemClock.sleep(NEXT_SCRAPE_MS);
    const run = await runExperiment([restarted]);
    const said = summary(run);
    expect([run.restored, run.residue], said).to.deep.equal([true, []]);
    expect(
      run.faults.map(({ effective }) => effective),
      said,
    ).to.deep.equal(['effective', 'effective', 'effective']);
    const followed = run.reconciliation?.rows.flatMap(({ differences }) => differences) ?? [];
    expect([run.reconciliation?.complete, followed.filter(({ explained }) => !explained)], said).to.deep.equal([
      true,
      [],
    ]);
    // A busy host can stop a replica for as long as the pause does, so their number is not the same in every run.
    const inVain = followed.find(({ name }) => name === 'app_answered_in_vain')?.count ?? 0;
    expect(inVain, said).to.be.greaterThan(0);
    await systemClock.sleep(NEXT_SCRAPE_MS);
    const { requests, windows } = readHistory(run.dir, known.faults);
    const span = { started: (windows[0]?.started ?? NaN) - NEXT_SCRAPE_MS, ended: systemClock.wall() };
    const selectors = {
      requests: `http_requests_total{${COUNTED}}`,
      errors: `http_requests_total{${COUNTED}, status=~"5.."}`,
    };
    const told = againstLedger(
      await readCounters(prometheusAt({ prometheus: PROMETHEUS, headers: {} }, {}), selectors, span),
      requests,
    );
    expect(told.resets, said).to.equal(2);
    expect(told.requests.counted, said).to.equal(told.requests.ledger + inVain);
    expect(told.errors.counted - told.errors.ledger, said).to.be.within(0, inVain);
    expect(told.requests.ledger).to.be.greaterThan(3_000);
  });

  it('has something in each panel of the dashboard', async () => {
    for (const [title, expression] of panelExpressions) {
      const { status, error, data } = await query(expression);
      expect(status, `${title}: ${error}`).to.equal('success');
      if (!EMPTY_WHEN_WELL.includes(expression)) expect(data.result, `${title}: ${expression}`).to.not.deep.equal([]);
    }
  });

  it('looks back on a history that is made up, keeps its own over a restart, and forgets what was made up', async () => {
    const real = new PrometheusControl({ prometheus: PROMETHEUS }, {});
    const value = async (expression: string, at?: number): Promise<number | undefined> =>
      (await real.query(expression, at))[0]?.value;
    const began = systemClock.wall();
    const own = await value('count(up)', began - 5_000);
    const perS = 'sum(rate(haproxy_frontend_http_responses_total{proxy="requests"}[1h]))';
    const ofRunsAlone = (await value(perS)) ?? NaN;
    const held = await makeUpHistory(
      {
        spec: { ...SPEC, project: TEST_ENV['CHAOS_PROJECT'] ?? '' },
        clock: systemClock,
        // This Prometheus has watched two runs, and may be older than a history may be beside.
        monitoring: { query: (text, at) => (text.startsWith('time()') ? Promise.resolve([]) : real.query(text, at)) },
        act,
        hold,
      },
      { ms: 3_600_000, ratePerS: 20 },
    );
    // The whole hour but the minutes that Prometheus has scraped itself, and those as before.
    const together = (await value(perS)) ?? NaN;
    expect(together - ofRunsAlone).to.be.within(13, 20.2);
    const seen = await rulesSeen(real, await real.rules(), [], { now: systemClock.wall(), skewMs: 0 });
    const hourly = seen.find(({ name }) => name === 'ErrorBudgetBurnFast');
    expect(hourly?.backfilled).to.equal(true);
    expect(systemClock.wall() - (hourly?.oldest ?? 0)).to.be.greaterThan(0.95 * 3_600_000);
    expect(seen.find(({ name }) => name === 'HighErrorRate')).to.not.have.property('backfilled');
    const span = { started: began - 3_600_000, ended: systemClock.wall() };
    const requests = 'haproxy_frontend_http_responses_total{proxy="requests"}';
    const raw = await readCounters(
      prometheusAt({ prometheus: PROMETHEUS, headers: {} }, {}),
      { requests, errors: requests },
      span,
    );
    expect(raw.leftOutBackfilled).to.equal(true);
    expect(raw.requests.filter(({ labels }) => 'history' in labels)).to.deep.equal([]);

    docker('restart', ...containersOf('prometheus'));
    const until = systemClock.wall() + 30_000;
    let after: number | undefined;
    while (after === undefined && systemClock.wall() < until) {
      await systemClock.sleep(300);
      after = await value('count(up)', began - 5_000).catch(() => undefined);
    }
    expect(after, 'what was scraped before is still there').to.equal(own);
    expect(await value('count({history="backfilled"})', began - 1_800_000)).to.equal(2);

    await held.release();
    expect(await value('count(last_over_time({history="backfilled"}[2h]))')).to.equal(undefined);
    expect(await value('count(up)', began - 5_000)).to.equal(own);
    expect(docker('exec', ...containersOf('prometheus'), 'ls', '/data')).to.not.include('made-up');
  });
});
