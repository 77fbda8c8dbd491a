import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { redact } from '../../harness/core/text/redact.ts';
import { recordSample } from '../helpers/record-run.ts';
import { temporaryFolder } from '../helpers/samples/folder.ts';
import { sampleRun } from '../helpers/samples/run.ts';
import { type CommandLine, commandLine } from './world.ts';

const SHORT = { warmup: 1, baseline: 2, fault: 2, heal: 1, recovery: 2 };

describe('chaos export', function () {
  this.timeout(20_000);
  let cli: CommandLine;

  before(() => {
    cli = commandLine();
    const reports = join(cli.root, 'reports');
    for (const run of ['1-first', '2-second']) recordSample(reports, sampleRun({ run, seconds: SHORT }), redact);
    mkdirSync(join(reports, '3-odd'));
    writeFileSync(join(reports, '3-odd', 'run.json'), '{"run":"3-odd","title":"t","started":"2026-11-24T04:30:00Z"}');
  });

  it('prints every table as JSON lines, and names a run that cannot be read', async () => {
    const { code, stdout, stderr } = await cli.run('export');
    expect(code, stderr).to.equal(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { table: string; run: string });
    expect(rows.filter(({ table }) => table === 'runs').map(({ run }) => run)).to.deep.equal(['1-first', '2-second']);
    expect([...new Set(rows.map(({ table }) => table))]).to.deep.equal(['runs', 'checks', 'faults', 'samples']);
    expect(stderr).to.match(/^warning: \S+3-odd is passed over: .* holds no run/);
  });

  it('prints one table as CSV with its line ends, and writes the same to a file', async () => {
    const args = ['export', '--format', 'csv', '--table', 'runs'];
    const { stdout } = await cli.run(...args);
    const lines = stdout.split('\r\n');
    expect(lines.map((line) => line.split(',')[0])).to.deep.equal(['run', '1-first', '2-second', '']);
    const folder = temporaryFolder();
    const file = join(folder, 'runs.csv');
    const said = await cli.run(...args, '--out', file);
    expect(said).to.include({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).to.equal(stdout);
    expect(readdirSync(folder)).to.deep.equal(['runs.csv']);
  });

  it('takes the runs that began since a date or an age', async () => {
    const count = async (since: string): Promise<number> =>
      (await cli.run('export', '--table', 'runs', '--since', since)).stdout.split('\n').length - 1;
    expect(await count('2026-11-24')).to.equal(2);
    expect(await count('2026-11-24T04:30Z')).to.equal(2);
    expect(await count('2026-11-24T04:31Z')).to.equal(0);
    expect(await count('99999w')).to.equal(2);
  });

  it('refuses what it does not know, and a file that cannot be written', async () => {
    for (const args of [
      ['--format', 'xml'],
      ['--format', 'csv'],
      ['--format', 'csv', '--table', 'runs', '--table', 'checks'],
      ['--table', 'people'],
      ['--since', 'yesterday'],
    ]) {
      const { code, stdout, stderr } = await cli.run('export', ...args);
      expect({ code, stdout }, args.join(' ')).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.include('CHAOS_USAGE');
    }
    const { code, stderr } = await cli.run('export', '--out', '/nowhere/at/all.ndjson');
    expect(code).to.equal(3);
    expect(stderr).to.include('CHAOS_NOT_WRITABLE');
  });
});
