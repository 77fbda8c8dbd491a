import { expect } from 'chai';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { STORE_FILE } from '../../harness/store/index.ts';
import { TABLES } from '../../harness/store/rows.ts';
import { ANY_LATENCY, chaos, type Ended, PLANTED, startChaos, TEST_ENV } from '../helpers/chaos.ts';
import { container, docker } from '../helpers/docker.ts';
import { filesWith } from '../helpers/files.ts';

/** The passwords of the database, a password of the results database, and a password in a link in the title. */
const SECRETS = { ...PLANTED, results: 'planted-plum9Wv', url: 'planted-pear6Ut' };
const REPORTS = join(TEST_ENV['CHAOS_REPORTS'] ?? '', 'planted');
const ENV = {
  CHAOS_REPORTS: REPORTS,
  CHAOS_LOG_LEVEL: 'debug',
};
const SETTINGS = [
  // The verdict does not matter here. The load is so small that a busy host does not end the run before its fault.
  'load.rate=60/s',
  ANY_LATENCY,
  'phases.warmup=1s',
  'phases.baseline=4s',
  'phases.fault=5s',
  'phases.recovery=3s',
  `title=A replica dies (see https://someone:${SECRETS.url}@example.org/wiki)`,
];

describe('a run with planted secrets', function () {
  this.timeout(180_000);
  const secrets = Object.values(SECRETS);
  let ended: Ended;
  let dir = '';
  const file = (name: string): string => readFileSync(join(dir, name), 'utf8');

  before(async () => {
    const up = await chaos(['topology', 'up'], ENV);
    expect(up.code, up.stderr).to.equal(0);
    const settings = SETTINGS.flatMap((setting) => ['--set', setting]);
    ended = await startChaos(['run', 'experiments/app-replica-kill.yaml', ...settings, '--json'], ENV).ended;
    dir = (JSON.parse(ended.stdout) as { dir: string }).dir;
  });

  it('has the planted passwords in its databases and in its application', () => {
    const env = (service: string): string => docker('inspect', '--format', '{{json .Config.Env}}', container(service));
    expect(env('app')).to.include(PLANTED.database);
    expect(env('postgres-a')).to.include(PLANTED.database).and.to.include(PLANTED.admin);
  });

  it('runs to its end: the fault bites, and the last phase is the recovery', () => {
    const document = JSON.parse(ended.stdout) as { phases: { name: string }[]; faults: { effective: string }[] };
    expect(document.phases.at(-1)?.name, ended.stderr).to.equal('recovery');
    expect(
      document.faults.map((f) => f.effective),
      ended.stderr,
    ).to.deep.equal(['effective']);
  });

  it('prints none of them', () => {
    expect(ended.stdout).to.include('https://someone:***@example.org/wiki');
    for (const secret of secrets) expect(ended.stdout + ended.stderr).not.to.include(secret);
  });

  it('leaves none of them in any file: record, reports, logs and database', () => {
    expect(filesWith(REPORTS, secrets)).to.deep.equal([]);
    expect(file('events.ndjson')).to.include('postgres://wedsync:***@127.0.0.1');
  });

  it('fills four of the five specified tables with measured rows, and invents no row of scaling', async () => {
    await using sql = await openEmbedded(join(REPORTS, STORE_FILE));
    for (const table of [...TABLES, 'runs']) {
      const rows = await sql.query(`SELECT * FROM ${table}`);
      if (table === 'auto_scaling_events') expect(rows, table).to.deep.equal([]);
      else expect(rows, table).not.to.deep.equal([]);
      for (const secret of secrets) expect(JSON.stringify(rows), table).not.to.include(secret);
    }
    const [test] = await sql.query(
      'SELECT virtual_users, duration_seconds, total_requests AS n FROM load_test_results',
    );
    expect(test?.['virtual_users']).to.be.greaterThan(0);
    expect(test?.['n']).to.be.greaterThan(Number(test?.['duration_seconds']));
  });

  it('logs its orders to the engine, Postgres and Redis', () => {
    const lines = file('logs/harness.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; msg: string; to: string; outcome: string });
    const acts = lines.filter((l) => l.level === 'info').map((l) => `${l.to}: ${l.msg}`);
    expect(acts).to.include.members(['redis: flush', 'postgres: reset the data']);
    expect(acts.join('\n'))
      .to.match(/engine: kill \S+-app-\d \(SIGKILL\)\n/)
      .and.to.match(/engine: start \S+-app-\d\n/);
    expect(lines.filter((l) => l.level === 'debug' && l.to === 'engine').length).to.be.greaterThan(20);
  });

  it('keeps the log of each container since the beginning of the run, at most 2 MiB of each', () => {
    const project = TEST_ENV['CHAOS_PROJECT'] ?? '';
    const names = docker(
      'ps',
      '-a',
      '--filter',
      `label=com.docker.compose.project=${project}`,
      '--format',
      '{{.Names}}',
    );
    const logs = readdirSync(join(dir, 'logs')).filter((name) => name.startsWith(project));
    expect(logs).to.have.members(names.split('\n').map((name) => `${name}.log`));
    for (const log of logs) expect(statSync(join(dir, 'logs', log)).size, log).to.be.at.most(2 * 1_024 * 1_024);
    expect(file(`logs/${project}-nginx-1.log`)).to.include('/api/dashboard');
  });

  it('does not print the password of a results database that does not answer', async () => {
    const again = { ...ENV, CHAOS_RESULTS_URL: `postgres://someone:${SECRETS.results}@127.0.0.1:1/results` };
    const { code, stdout, stderr } = await chaos(['report', 'latest'], again);
    expect(code).to.equal(3);
    expect(stderr).to.include('the results database does not answer');
    expect(stdout + stderr).not.to.include(SECRETS.results);
    expect(filesWith(REPORTS, secrets)).to.deep.equal([]);
  });
});
