import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { runCommandLine } from '../../harness/commands/index.ts';
import { redact } from '../../harness/core/text/redact.ts';
import type { TextSink } from '../../harness/core/world.ts';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { STORE_FILE } from '../../harness/store/index.ts';
import { ROOT } from '../helpers/chaos.ts';
import { recordSample } from '../helpers/record-run.ts';
import { sampleRun } from '../helpers/samples/run.ts';

const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };

async function chaos(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const said = { out: '', err: '' };
  const sink = (name: keyof typeof said): TextSink => ({
    write: (text) => void (said[name] += text),
    isTTY: false,
    columns: 80,
    color: false,
  });
  const code = await runCommandLine(args, {
    env,
    cwd: ROOT,
    root: ROOT,
    command: 'chaos report',
    out: sink('out'),
    err: sink('err'),
    onSignals: () => ({ [Symbol.dispose]: () => undefined }),
    exitNow: (status) => expect.fail(`ended with ${status}`),
  });
  return { code, ...said };
}

describe('chaos report --all', function () {
  this.timeout(60_000);
  const reports = mkdtempSync(join(tmpdir(), 'chaos-report-all-'));
  const store = join(reports, STORE_FILE);
  const all = (env?: Readonly<Record<string, string>>) => chaos(['report', '--all', '--reports', reports], env);
  const rows = async (): Promise<unknown> => {
    await using sql = await openEmbedded(store);
    return await sql.query(
      `SELECT r.run, count(DISTINCT l.id) AS tests, count(DISTINCT p.id) AS metrics, count(DISTINCT s.id) AS samples
       FROM runs r LEFT JOIN load_test_results l ON l.run_id = r.run LEFT JOIN performance_metrics p ON p.run_id = r.run
       LEFT JOIN system_resources s ON s.run_id = r.run GROUP BY r.run ORDER BY r.run`,
    );
  };

  before(() => {
    for (const run of ['first', 'second']) recordSample(reports, sampleRun({ run, seconds: SHORT }), redact);
    mkdirSync(join(reports, 'fourth'));
    writeFileSync(join(reports, 'fourth', 'run.json'), '{"run":"fourth","ti');
    mkdirSync(join(reports, 'third'));
    writeFileSync(join(reports, 'third', 'run.json'), '{"run":"third","title":"t","started":"2026-11-24T04:30:00Z"}');
  });

  after(() => rmSync(reports, { recursive: true }));

  it('makes reports and the results database from the folders, and names folders without a run (case C1)', async () => {
    const { code, out, err } = await all();
    expect(code, err).to.equal(0);
    expect(out).to.equal(['first', 'second'].map((run) => `${join(reports, run, 'report.html')}\n`).join(''));
    expect(err).to.match(/^warning: \S+fourth is passed over: run.json cannot be read: .*$/m);
    expect(err).to.match(/^warning: \S+third is passed over: .* holds no run: events.ndjson is missing$/m);
    expect(err.trim().split('\n')).to.have.lengthOf(2);
  });

  it('rebuilds a deleted results database with the same rows', async () => {
    const before = await rows();
    expect(before).to.have.nested.property('[1].tests', 1);
    expect(before).to.have.nested.property('[0].metrics').that.is.greaterThan(10);
    rmSync(store);
    expect(await all()).to.include({ code: 0 });
    expect(await rows()).to.deep.equal(before);
  });

  it('names the database of an earlier version once, leaves it alone, and fills the new one', async () => {
    const old = join(reports, '.results');
    mkdirSync(old);
    writeFileSync(join(old, 'PG_VERSION'), '17\n');
    const before = await rows();
    rmSync(store);
    const { code, err } = await all();
    expect(code, err).to.equal(0);
    expect(err).to.include(`warning: ${old} is the results database of an earlier version`);
    expect(await rows()).to.deep.equal(before);
    expect(readFileSync(join(old, 'PG_VERSION'), 'utf8')).to.equal('17\n');
    expect((await all()).err).not.to.include('earlier version');
  });

  it('exits with 3 when the database does not answer, and prints no password', async () => {
    const { code, err } = await all({ CHAOS_RESULTS_URL: 'postgres://u:kiwi7Zq@127.0.0.1:1/results' });
    expect(code).to.equal(3);
    expect(err).to.include('CHAOS_STORE_UNREACHABLE').and.to.include('postgres://u:***@127.0.0.1:1/results');
  });

  it('is refused together with a run, and chaos report is refused without either', async () => {
    for (const args of [['report'], ['report', 'first', '--all']]) {
      expect(await chaos(args)).to.deep.include({ code: 2 });
    }
  });
});
