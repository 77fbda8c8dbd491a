import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { commandLine } from './world.ts';

const WORKLOAD = 'experiments/workloads/saturday.yaml';

function composeFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'calibrate-')), 'compose.yml');
  writeFileSync(
    file,
    `name: shop
x-chaos:
  entry: http://127.0.0.1:8080
  connections: { db: { limit: 20, reserved: 2, pools: { web: 5 } } }
services:
  web: { image: a }
  db: { image: b }
  one: { image: c, container_name: only }
`,
  );
  return file;
}

describe('chaos autoscale calibrate', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);
  const line = commandLine();
  const calibrate = (...args: readonly string[]) => line.run('autoscale', 'calibrate', ...args);

  it('has examples in its help', async () => {
    const { code, stdout } = await calibrate('--help');
    expect(code).to.equal(0);
    expect(stdout).to.include(`$ chaos autoscale calibrate --service app --workload ${WORKLOAD}`);
    expect(stdout).to.include('(default: "1,2,3,4,6")').and.to.include('Exit codes:');
  });

  it('refuses what cannot work before it asks the engine', async () => {
    const file = composeFile();
    const bad: readonly (readonly [args: readonly string[], code: string, text: string])[] = [
      [['--service', 'wep'], 'CHAOS_UNKNOWN_SERVICE', 'Did you mean "web"?'],
      [['--service', 'one'], 'CHAOS_WRONG_VALUE', 'has a container_name'],
      [['--replicas', '1,two'], 'CHAOS_USAGE', 'no list of numbers'],
      [['--replicas', '1,1'], 'CHAOS_USAGE', 'each once'],
      [['--replicas', '0'], 'CHAOS_USAGE', 'from 1 to 50'],
      [['--replicas', '1,4'], 'CHAOS_CONNECTIONS', 'db takes 20 connections, and 22 may be asked for'],
      [['--p95', 'fast'], 'CHAOS_USAGE', '--p95 fast is no duration'],
      [['--p95', '6s'], 'CHAOS_USAGE', '--timeout 5s is not above --p95 6s'],
      [['--errors', '0%'], 'CHAOS_USAGE', '--errors 0% is no share'],
      [['--from', '10'], 'CHAOS_USAGE', '--from 10 is no rate'],
      [['--from', '50/s', '--most', '20/s'], 'CHAOS_USAGE', '--from 50/s is above --most 20/s'],
      [['--within', '0.5%'], 'CHAOS_USAGE', 'Write 1% or more'],
      [['--minutes', '0'], 'CHAOS_USAGE', '--minutes 0'],
      [['--seed', '-1'], 'CHAOS_USAGE', '--seed -1'],
      [['--workload', 'no.yaml'], 'CHAOS_FILE_MISSING', 'no.yaml'],
      [['--out', 'capacity.txt'], 'CHAOS_USAGE', 'no YAML file'],
      [['--out', '/no/such/folder/capacity.yaml'], 'CHAOS_USAGE', 'a folder that exists'],
    ];
    for (const [args, code, text] of bad) {
      const service = args.includes('--service') ? [] : ['--service', 'web'];
      const replicas = args.includes('--replicas') ? [] : ['--replicas', '1,2'];
      const workload = args.includes('--workload') ? [] : ['--workload', WORKLOAD];
      const said = await calibrate(...service, ...replicas, ...workload, ...args, '-f', file);
      expect(said.code, said.stderr).to.equal(2);
      expect(said.stderr).to.include(code).and.to.include(text);
      expect(said.stdout).to.equal('');
    }
    expect((await calibrate()).stderr).to.include('--service');
  });

  it('prints an error as a document with --json', async () => {
    const said = await calibrate('--service', 'wep', '--workload', WORKLOAD, '-f', composeFile(), '--json');
    expect(said.json()).to.deep.include({ exit_code: 2 });
    expect(said.stdout).to.include('CHAOS_UNKNOWN_SERVICE');
  });
});
