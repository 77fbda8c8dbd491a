import { expect } from 'chai';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import type { RunEvent } from '../../harness/core/record/events.ts';
import { redact } from '../../harness/core/text/redact.ts';
import { readEvents } from '../../harness/record/event-log.ts';
import { openStore } from '../../harness/store/index.ts';
import { keptRecords, unpacked } from '../helpers/kept-records.ts';
import { recordSample } from '../helpers/record-run.ts';
import { temporaryFolder, writeEvents } from '../helpers/samples/folder.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { sealed } from '../helpers/sealed.ts';
import { type CommandLine, commandLine } from './world.ts';

const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };

interface Said {
  readonly exit_code: number;
  readonly indexed: boolean;
  readonly runs: readonly { readonly run: string; readonly state: string; readonly dir: string }[];
  readonly refused: readonly {
    readonly from: string;
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
  }[];
}

describe('chaos import', function () {
  // A hang guard: the embedded results database takes some seconds to begin.
  this.timeout(120_000);
  let cli: CommandLine;
  let reports: string;
  let elsewhere: string;

  const record = (run: string): string => sealed(recordSample(elsewhere, sampleRun({ run, seconds: SHORT }), redact));

  async function imported(...folders: readonly string[]): Promise<Said> {
    const { code, stdout, stderr } = await cli.run('import', '--json', ...folders);
    expect(stdout, stderr).not.to.equal('');
    const said = JSON.parse(stdout) as Said;
    expect(said.exit_code).to.equal(code);
    return said;
  }

  async function indexed(): Promise<string[]> {
    await using store = await openStore({
      reports,
      url: undefined,
      underTest: undefined,
      redact,
      warn: (message) => expect.fail(message),
    });
    return (await store.runs()).map(({ run }) => run);
  }

  beforeEach(() => {
    cli = commandLine();
    reports = join(cli.root, 'reports');
    elsewhere = temporaryFolder();
  });

  it('copies the folders of a folder, makes their reports, and indexes them', async () => {
    record('first');
    record('second');
    mkdirSync(join(elsewhere, 'no run'));
    const { runs, refused, indexed: all } = await imported(elsewhere);
    expect(refused).to.deep.equal([]);
    expect(runs.map(({ run, state }) => `${run} ${state}`)).to.deep.equal(['first imported', 'second imported']);
    expect(all).to.equal(true);
    for (const { dir, run } of runs) {
      expect(dir).to.equal(join(reports, run));
      expect(readFileSync(join(dir, 'events.ndjson'))).to.deep.equal(
        readFileSync(join(elsewhere, run, 'events.ndjson')),
      );
      expect(existsSync(join(dir, 'report.html'))).to.equal(true);
      expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))).to.include({ run, dir });
    }
    expect(await indexed()).to.deep.equal(['first', 'second']);
    expect(readdirSync(reports).filter((name) => !name.startsWith('.results'))).to.have.members([
      'first',
      'second',
      // Made for all runs together.
      'index.html',
      'summaries.ndjson',
    ]);
  });

  it('twice is once', async () => {
    const dir = record('first');
    await imported(dir);
    const again = await imported(dir, dir, join(reports, 'first'));
    expect(again.runs.map(({ state }) => state)).to.deep.equal(['already there', 'already there', 'already there']);
    expect(again.exit_code).to.equal(0);
    expect(await indexed()).to.deep.equal(['first']);
  });

  it('makes run.json from the record, and believes none that comes with it', async () => {
    const dir = record('first');
    const forged = { ...JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')), verdict: 'PASS', title: 'forged' };
    writeFileSync(join(dir, 'run.json'), JSON.stringify(forged));
    await imported(dir);
    const { title, verdict } = JSON.parse(readFileSync(join(reports, 'first', 'run.json'), 'utf8'));
    expect(title).not.to.equal('forged');
    expect(verdict).to.equal(((await cli.run('judge', 'first', '--json')).json() as { verdict: string }).verdict);
    rmSync(join(dir, 'run.json'));
    expect((await imported(dir)).runs).to.have.lengthOf(1);
  });

  it('refuses a damaged record by its file and line, and imports the others', async () => {
    record('first');
    const bad = record('second');
    record('third');
    const events = join(bad, 'events.ndjson');
    const lines = readFileSync(events, 'utf8').split('\n');
    lines[4] = (lines[4] ?? '').slice(0, 9);
    writeFileSync(events, lines.join('\n'));
    const { runs, refused, exit_code } = await imported(elsewhere);
    expect(exit_code).to.equal(2);
    expect(runs.map(({ run }) => run)).to.deep.equal(['first', 'third']);
    expect(refused).to.have.lengthOf(1);
    expect(refused[0]).to.include({ from: bad, code: 'CHAOS_RECORD_DAMAGED', file: events, line: 5 });
    expect(existsSync(join(reports, 'second'))).to.equal(false);
    const { stderr } = await cli.run('import', bad);
    expect(stderr).to.include(`${events}:5  error CHAOS_RECORD_DAMAGED`);
  });

  it('refuses a damaged record of the version without seals by its line too', async () => {
    const bad = recordSample(elsewhere, sampleRun({ run: 'old', seconds: SHORT }), redact);
    appendFileSync(join(bad, 'events.ndjson'), '{"t":17\n');
    const [refused] = (await imported(bad)).refused;
    const line = readFileSync(join(bad, 'events.ndjson'), 'utf8').split('\n').length - 1;
    expect(refused).to.include({ code: 'CHAOS_RECORD_DAMAGED', line });
  });

  it('takes real records of every version, without their run.json', async () => {
    const kept = keptRecords();
    const folders = kept.map(({ files }) => unpacked(files));
    const { runs, refused } = await imported(...folders);
    expect(refused).to.deep.equal([]);
    expect(runs).to.have.lengthOf(kept.length);
  });

  /** Changes the first event of an unsealed record, or of one that is sealed anew. */
  function retold(dir: string, change: (event: RunEvent) => RunEvent): void {
    writeEvents(dir, readEvents(dir).map(change));
  }

  it('refuses a record that was never closed, one of a later version, and a name that leads elsewhere', async () => {
    const open = record('open');
    rmSync(join(open, 'seal.json'));
    const later = recordSample(elsewhere, sampleRun({ run: 'later', seconds: SHORT }), redact);
    retold(later, (event) => (event.kind === 'run.started' ? { ...event, version: 99 } : event));
    const named = recordSample(elsewhere, sampleRun({ run: 'named', seconds: SHORT }), redact);
    retold(named, (event) => (event.kind === 'run.started' ? { ...event, run: '../../named' } : event));
    const { refused } = await imported(open, later, named);
    expect(refused.map(({ code }) => code)).to.deep.equal([
      'CHAOS_IMPORT_OPEN',
      'CHAOS_RECORD_VERSION',
      'CHAOS_IMPORT_NAME',
    ]);
    expect(existsSync(reports) ? readdirSync(reports) : []).to.deep.equal([]);
  });

  it('refuses another record under a name that is there, and keeps what is there', async () => {
    const dir = record('first');
    await imported(dir);
    const before = readFileSync(join(reports, 'first', 'events.ndjson'));
    const other = temporaryFolder();
    sealed(recordSample(other, sampleRun({ run: 'first', seconds: SHORT, lost: 2 }), redact));
    const { refused } = await imported(other);
    expect(refused[0]).to.include({ code: 'CHAOS_IMPORT_CLASH', file: join(reports, 'first') });
    expect(readFileSync(join(reports, 'first', 'events.ndjson'))).to.deep.equal(before);
  });

  it('follows no link out of the folder, and says what is missing then', async () => {
    const dir = record('first');
    symlinkSync('/etc/hostname', join(dir, 'hostname'));
    expect((await imported(dir)).exit_code).to.equal(0);
    expect(existsSync(join(reports, 'first', 'hostname'))).to.equal(false);
    const second = record('second');
    const away = join(temporaryFolder(), 'requests.bin');
    renameSync(join(second, 'samples', 'requests.bin'), away);
    symlinkSync(away, join(second, 'samples', 'requests.bin'));
    const { refused } = await imported(second);
    expect(refused[0]?.code).to.equal('CHAOS_RECORD_DAMAGED');
    expect(refused[0]?.message).to.include('is a link');
    expect(existsSync(join(reports, 'second'))).to.equal(false);
    expect(existsSync(join(reports, '.import'))).to.equal(false);
  });

  it('removes what an import has left that was killed, and none that is at work', async () => {
    const drafts = join(reports, '.import');
    for (const pid of [4_194_305, process.ppid]) mkdirSync(join(drafts, `${pid}-x`), { recursive: true });
    await imported(record('first'));
    expect(readdirSync(drafts)).to.deep.equal([`${process.ppid}-x`]);
  });

  it('says when there is nothing to import', async () => {
    const { refused, exit_code } = await imported(elsewhere, join(elsewhere, 'none'));
    expect(exit_code).to.equal(2);
    expect(refused.map(({ code }) => code)).to.deep.equal(['CHAOS_NO_RUN', 'CHAOS_NO_RUN']);
  });

  it('imports the folders when the results database does not answer, and indexes them the next time', async () => {
    const dir = record('first');
    const away = commandLine({ CHAOS_RESULTS_URL: 'postgres://u:kiwi7Zq@127.0.0.1:1/results' }, cli.root);
    const { code, stdout, stderr } = await away.run('import', dir, '--json');
    expect(code, stderr).to.equal(3);
    expect(JSON.parse(stdout)).to.include({ indexed: false });
    expect(stderr).to.include('the run is missing in the results database').and.not.include('kiwi7Zq');
    expect(existsSync(join(reports, basename(dir), 'report.html'))).to.equal(true);
    expect((await imported(dir)).indexed).to.equal(true);
    expect(await indexed()).to.deep.equal(['first']);
  });

  it('takes a folder under another name, and two copies of one run once', async () => {
    const dir = record('first');
    cpSync(dir, join(elsewhere, 'a copy'), { recursive: true });
    const { runs } = await imported(elsewhere);
    expect(runs.map(({ run, state }) => `${run} ${state}`)).to.deep.equal(['first imported', 'first already there']);
  });
});
