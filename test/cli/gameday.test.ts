import { expect } from 'chai';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { serve } from '../helpers/web-server.ts';
import { commandLine } from './world.ts';

const FOLDER = join(ROOT, 'experiments', 'gamedays');
const SHIPPED = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe('chaos gameday', function () {
  // A hang guard: Compose is asked.
  this.timeout(60_000);
  const cli = commandLine(process.env);

  it('lint finds no mistake in what ships, and each has a sheet', async () => {
    expect(SHIPPED).to.include.members(['first-time.yaml', 'saturday-morning.yaml']);
    for (const file of SHIPPED) {
      const said = await cli.run('gameday', 'lint', join(FOLDER, file), '--json');
      expect(said.code, said.stderr).to.equal(0);
      expect(said.json()).to.deep.equal({ schema_version: 1, ok: true, problems: [] });
      expect(readFileSync(join(FOLDER, file.replace('.yaml', '.md')), 'utf8')).to.match(/^# The facilitator's sheet/);
    }
    const said = await cli.run('gameday', 'lint', join(FOLDER, 'first-time.yaml'));
    expect(said.stdout).to.include('2 injects in 20 min 00 s, without a mistake');
  });

  it('lint, and the day itself, name a mistake with its place and start nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gameday-'));
    const text = readFileSync(join(FOLDER, 'first-time.yaml'), 'utf8').replace('length: 20m', 'length: 20');
    const file = join(folder, 'day.yaml');
    writeFileSync(file, text);
    copyFileSync(join(FOLDER, 'first-time.md'), join(folder, 'first-time.md'));
    for (const args of [['lint', file], [file], ['rehearse', file]]) {
      const { code, stderr } = await cli.run('gameday', ...args);
      expect(code, args.join(' ')).to.equal(2);
      expect(stderr).to.match(/day\.yaml:\d+:\d+ +error CHAOS_/);
      expect(stderr).to.include('length');
    }
    expect(readdirSync(cli.root)).to.deep.equal(['package.json']);
  });

  it('validate reads game days beside experiments', async () => {
    const said = await cli.run('validate', ...SHIPPED.map((file) => join(FOLDER, file)));
    expect(said.code, said.stderr).to.equal(0);
    expect(said.stdout).to.equal(`${SHIPPED.length} valid\n`);
  });

  it('resume names a game day that is not there', async () => {
    const { code, stderr } = await cli.run('gameday', 'resume', 'nothing', '--reports', '/nowhere');
    expect(code).to.equal(2);
    expect(stderr).to.include('CHAOS_NO_RUN');
  });

  it('refuses a port, an address and a time that are none', async () => {
    const first = join(FOLDER, 'first-time.yaml');
    expect((await cli.run('gameday', first, '--listen', 'nowhere')).code).to.equal(2);
    expect((await cli.run('gameday', 'rehearse', first, '--time', 'soon')).code).to.equal(2);
  });

  it('begins nothing when its port is taken, and when no engine answers', async () => {
    const first = join(FOLDER, 'first-time.yaml');
    const alone = commandLine({ ...process.env, DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    await using other = await serve((_, response) => response.end());
    const reports = join(alone.root, 'reports');
    const taken = await alone.run('gameday', first, '--port', new URL(other.url).port, '--reports', reports);
    expect(taken.code).to.equal(3);
    expect(taken.stderr).to.include('CHAOS_PORT_TAKEN');
    const silent = await alone.run('gameday', first, '--port', '0', '--reports', reports);
    expect(silent.code, silent.stderr).to.equal(3);
    expect(existsSync(reports)).to.equal(false);
  });

  it('schema --gameday prints the schema that is in the repository', async () => {
    const { code, stdout } = await cli.run('schema', '--gameday');
    expect(code).to.equal(0);
    expect(stdout).to.equal(readFileSync(join(FOLDER, 'gameday.schema.json'), 'utf8'));
  });
});
