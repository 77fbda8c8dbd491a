import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { RunEvent } from '../../harness/core/record/events.ts';
import type { JudgedRun, ResultStore } from '../../harness/core/record/run.ts';
import { secretsOf } from '../../harness/core/text/secrets.ts';
import type { TextSink } from '../../harness/core/world.ts';
import { EventLog } from '../../harness/record/event-log.ts';
import { keepLogs } from '../../harness/record/container-logs.ts';
import { judgeFolder } from '../../harness/judge/folder.ts';
import { writeResults } from '../../harness/record/results.ts';
import { openLog } from '../../harness/log.ts';
import { consoleReporter } from '../../harness/reporters/console/index.ts';
import { reporters } from '../../harness/reporters/index.ts';
import { openEmbedded } from '../../harness/store/embedded.ts';
import { openStore, STORE_FILE } from '../../harness/store/index.ts';
import { TABLES } from '../../harness/store/rows.ts';
import { filesWith } from '../helpers/files.ts';
import { known } from '../helpers/known.ts';
import { recordSample } from '../helpers/record-run.ts';
import { sampleRun } from '../helpers/samples/run.ts';

/**
 * The planted secrets. JSON, URLs and HTML spell some characters of a secret differently. The core of a secret is the
 * same in all spellings, and no output may contain it.
 */
const PLANTED = {
  database: { core: 'kiwi7Zq', secret: 'kiwi7Zq&"d<b>/%' },
  variable: { core: 'lime8Yx', secret: 'lime8Yx\'\\"&x' },
  results: { core: 'plum9Wv', secret: 'plum9Wv@:/?#r' },
  /** The harness is not given this secret. It recognises the secret by its place in a URL. */
  inUrl: { core: 'pear6Ut', secret: 'pear6Utp' },
} as const;
const CORES = Object.values(PLANTED).map(({ core }) => core);

const url = (scheme: string, secret: string): string =>
  `${scheme}://someone:${encodeURIComponent(secret)}@127.0.0.1:1/x`;

/** A run through a failover. Its plan holds some of the planted secrets. */
function plantedRun(): JudgedRun {
  const run = sampleRun();
  const { plan } = run.history;
  const topology = { ...plan.topology, database: url('postgres', PLANTED.database.secret) };
  const aside = url('https', PLANTED.inUrl.secret);
  const title = `Losing the primary (see ${aside})`;
  const planted = { ...plan, title, topology, overrides: [`load.workload=${aside}`] };
  const events = run.history.events.map((e) => (e.kind === 'run.started' ? { ...e, plan: planted } : e));
  return { ...run, history: { ...run.history, plan: planted, events } };
}

const everySecret = (): string => {
  const { inUrl, ...known } = PLANTED;
  const spelt = Object.values(known).map(
    ({ secret }) => `${secret} ${JSON.stringify({ secret })} ${encodeURIComponent(secret)}`,
  );
  return [...spelt, url('redis', inUrl.secret)].join(' ');
};

function plantedEvents(t: number): RunEvent[] {
  const text = everySecret();
  const step = { do: 'enable-proxy', proxy: { name: 'app-to-primary', listen: ':1', upstream: text } } as const;
  const message = `password authentication failed: ${text}`;
  return [
    { t, kind: 'note', message },
    { t, kind: 'undo.failed', id: 'kill-1', step, error: message },
    { t, kind: 'observation', observer: `haproxy -> ${text}`, ok: false, error: message, established: 0 },
    {
      t,
      kind: 'resources',
      server_id: text,
      cpu_percent: 1,
      memory_percent: 1,
      disk_percent: null,
      network_bytes_per_s: null,
      connections: null,
    },
    { t, kind: 'cache', layer: 'redis', pattern: text, hits: 1, misses: 1, evictions: 0, average_ms: null },
    { t, kind: 'audit.ended', complete: false, primary: text, ms: 1, problem: message },
    { t, kind: 'residue', residue: [{ kind: 'toxic', target: text, how_to_undo: `psql ${text}` }], healthy: false },
    { t, kind: 'not-ready', code: 'CHAOS_NOT_HEALTHY', message, hint: text },
    { t, kind: 'error', code: 'CHAOS_INTERNAL', message: `${message}\n    at ${text} (file:1:1)` },
  ];
}

describe('planted secrets', () => {
  const env = {
    CHAOS_DB_PASSWORD: PLANTED.variable.secret,
    CHAOS_RESULTS_URL: url('postgres', PLANTED.results.secret),
  };
  const reports = mkdtempSync(join(tmpdir(), 'chaos-secrets-'));
  const warnings: string[] = [];
  let dir = '';

  before(async function () {
    this.timeout(60_000);
    const run = plantedRun();
    const redact = secretsOf(env, run.history.plan.topology);
    const t = run.history.events.at(-1)?.t ?? 0;
    dir = recordSample(reports, run, redact, plantedEvents(t));
    using log = openLog({ dir, by: 'run', level: 'debug', redact });
    log('info', everySecret(), { error: everySecret(), [everySecret()]: 1 });
    const logs: Parameters<typeof keepLogs>[0]['containers']['logs'] = (_, onLog) => {
      onLog({ container: 'chaos-app-1', text: everySecret() });
      return Promise.resolve();
    };
    await keepLogs({ containers: { logs }, dir, since: 0, redact });
    const open = (results: string | undefined): Promise<ResultStore> =>
      openStore({
        reports,
        url: results,
        underTest: run.history.plan.topology.database,
        redact,
        warn: (message) => warnings.push(message),
      });
    // First with the user's URL, where no database listens. This gives a warning on the terminal.
    for (const results of [env.CHAOS_RESULTS_URL, undefined]) {
      const judged = judgeFolder(dir, known);
      await writeResults(dir, judged, {
        reporters,
        openStore: () => open(results),
        redact,
        writeIndex: () => undefined,
        warn: (message) => warnings.push(message),
      });
    }
  });

  after(() => rmSync(reports, { recursive: true }));

  it('are in no file of the run, however they are spelt', () => {
    expect(filesWith(reports, CORES)).to.deep.equal([]);
  });

  it('appear masked in each file, so they were there to be found', () => {
    for (const file of [
      'events.ndjson',
      'run.json',
      'report.html',
      'summary.md',
      'logs/harness.ndjson',
      'logs/chaos-app-1.log',
    ]) {
      expect(readFileSync(join(dir, file), 'utf8'), file).to.include('***');
    }
  });

  it('leave every line of the record and of the log valid JSON', () => {
    for (const file of ['events.ndjson', 'logs/harness.ndjson']) {
      const lines = readFileSync(join(dir, file), 'utf8').trimEnd().split('\n');
      for (const line of lines) JSON.parse(line);
    }
    JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'));
  });

  it('are in no row of the results database', async function () {
    this.timeout(30_000);
    await using sql = await openEmbedded(join(reports, STORE_FILE));
    for (const table of ['runs', ...TABLES]) {
      const dump = JSON.stringify(await sql.query(`SELECT * FROM ${table}`));
      for (const core of CORES) expect(dump, table).not.to.include(core);
      if (table !== 'auto_scaling_events') expect(dump, table).not.to.equal('[]');
    }
  });

  it('are in no warning about a database that does not answer', () => {
    expect(warnings).to.have.length(1);
    for (const core of CORES) expect(warnings.join('\n')).not.to.include(core);
  });

  it('are not shown to a person who watches the run', () => {
    const shown: string[] = [];
    const sink: TextSink = { write: (text) => void shown.push(text), isTTY: false, columns: 80, color: false };
    const { history } = plantedRun();
    const redact = secretsOf(env, history.plan.topology);
    using log = new EventLog(mkdtempSync(join(reports, 'watched-')), [consoleReporter(sink)], redact);
    [...history.events, ...plantedEvents(0)].forEach(log.emit);
    expect(shown.join('')).to.include('***');
    for (const core of CORES) expect(shown.join('')).not.to.include(core);
  });
});
