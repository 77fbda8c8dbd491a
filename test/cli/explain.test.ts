import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { describe, it } from 'mocha';
import { commandLine } from './world.ts';

describe('chaos explain', function () {
  this.timeout(20_000);
  const cli = commandLine();

  it('lists everything by kind when no name is given, and touches nothing', async () => {
    const { code, stdout, stderr } = await cli.run('explain');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const kinds = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(kinds).to.deep.equal([
      'faults',
      'steps',
      'checks',
      'stop conditions',
      'series',
      'controllers',
      'scaling reasons',
      'scaling clamps',
      'probes',
      'protocols',
      'roles',
      'verdicts',
      'errors',
    ]);
    for (const name of ['kill', 'wait', 'failover', 'roles', 'NOT RESTORED', 'CHAOS_NOT_STEADY'])
      expect(stdout).to.match(new RegExp(`^  ${name} +\\S`, 'm'));
    expect(readdirSync(cli.root)).to.deep.equal(['package.json']);
  });

  it('explains a fault: its keys with types and defaults, an example, its undo and its page', async () => {
    const { code, stdout } = await cli.run('explain', 'kill');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^fault kill\n\nKills containers/);
    expect(stdout).to.match(/^ {2}service +text +required +A service or a group of the topology$/m);
    expect(stdout).to.match(/^ {2}role +primary \| standby +optional /m);
    expect(stdout).to.match(/^ {2}at +duration +default 0s /m);
    expect(stdout).to.include('    - kill: { service: postgres, role: primary }\n');
    expect(stdout).to.include('undo\n  start the container\n');
    expect(stdout).to.include('**Proof that it bit:**').and.to.include('## If it is still in force');
  });

  it('prints a default with its unit, as a person would write it', async () => {
    const { stdout } = await cli.run('explain', 'slow_client', 'disk_slow');
    expect(stdout).to.match(/^ {2}every +duration +default 1s /m);
    expect(stdout).to.match(/^ {2}path +text +default \/var\/tmp /m);
  });

  it('explains both when a fault and a check have the same name', async () => {
    const { stdout } = await cli.run('explain', 'latency');
    expect(stdout)
      .to.match(/^fault latency$/m)
      .and.to.match(/^check latency$/m);
    expect(stdout).to.match(/^ {2}during +list of baseline .* default \[baseline, recovery\] /m);
  });

  it('explains a step with its nested keys', async () => {
    const { stdout } = await cli.run('explain', 'wait');
    expect(stdout).to.match(/^ {2}role\.becomes +primary \| standby \| unknown +required /m);
    expect(stdout).to.match(/^ {2}within +duration +default 30s /m);
  });

  it('explains several names at once, and ignores case and hyphens in them', async () => {
    const { code, stdout } = await cli.run('explain', 'chaos_fault_unproven', 'not-restored', 'Black-Hole');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^error CHAOS_FAULT_UNPROVEN\n\n\*\*Inconclusive \(exit 4\)/);
    expect(stdout).to.match(/^verdict NOT RESTORED\n\n.*\n\nexit 6$/m);
    expect(stdout).to.match(/^fault black_hole$/m);
  });

  it('explains why a scaler decided, and what held it back: what to look at, and what to change', async () => {
    const { code, stdout } = await cli.run('explain', 'max_instances', 'Cooldown-Period');
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^scaling clamp max_instances\n\nThe figures wish for more [^]*\*\*Look at:\*\* [^]*\n\n→ Write /,
    );
    expect(stdout)
      .to.match(/^scaling reason cooldown_period$/m)
      .and.to.match(/^scaling clamp cooldown_period$/m);
    const typo = await cli.run('explain', 'max_instance');
    expect(typo.code).to.equal(2);
    expect(typo.stderr).to.include('Did you mean "max_instances"?');
  });

  it('prints one document with --json, in which each key of a fault has its name', async () => {
    const { entries } = (await cli.run('explain', 'refuse', '--json')).json() as { entries: object[] };
    expect(entries).to.have.lengthOf(1);
    expect(entries[0]).to.include({ kind: 'fault', name: 'refuse', undo: 'enable proxy of app-to-redis' });
    expect(entries[0]).to.have.nested.property('parameters[0]').that.includes({
      name: 'link',
      type: 'text',
      required: true,
      default: null,
    });
    const listed = (await cli.run('explain', '--json')).json() as { entries: object[]; schema_version: number };
    expect(listed.schema_version).to.equal(1);
    expect(listed.entries).to.have.lengthOf.at.least(90);
  });

  it('exits with 2 for an unknown name, and suggests a known name', async () => {
    const { code, stdout, stderr } = await cli.run('explain', 'kil');
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.include('error CHAOS_UNKNOWN_NAME: ').and.to.include('Did you mean "kill"?');
    const far = await cli.run('explain', 'meteorological', '--json');
    expect(far.code).to.equal(2);
    expect((far.json() as { error: { hint: string } }).error.hint).to.equal('`chaos explain` lists all names.');
  });
});

describe('an error that the command line prints', function () {
  this.timeout(20_000);
  const cli = commandLine();

  it('ends with the command that explains it, and this command works', async () => {
    for (const args of [
      ['judge', 'nothing'],
      ['plan', 'test/fixtures/broken/many-mistakes.yaml'],
      ['validate', 'test/fixtures/broken/many-mistakes.yaml'],
    ]) {
      const { stderr } = await cli.run(...args);
      const [, line = ''] = /\nmore: chaos (explain .+)\n$/.exec(stderr) ?? [];
      const codes = [...new Set(stderr.match(/(?<=error )CHAOS_\w+/g))];
      expect(line.split(' '), args.join(' ')).to.deep.equal(['explain', ...codes]);
      expect((await cli.run(...line.split(' '))).code).to.equal(0);
    }
  });

  it('is absent when the file is valid', async () => {
    expect((await cli.run('validate', 'experiments/redis-loss.yaml')).stderr).to.equal('');
  });
});
