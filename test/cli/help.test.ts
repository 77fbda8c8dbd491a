import { expect } from 'chai';
import { describe, it } from 'mocha';
import { commandLine } from './world.ts';

const COMMANDS = [
  'run',
  'suite',
  'watch',
  'load',
  'calibrate',
  'compare',
  'coverage',
  'validate',
  'plan',
  'explain',
  'judge',
  'report',
  'list',
  'trend',
  'export',
  'import',
  'prune',
  'abort',
  'status',
  'heal',
  'doctor',
  'setup',
  'schema',
];
const cli = commandLine();

describe('chaos', function () {
  // A hang guard: the first call of a command loads what it needs.
  this.timeout(20_000);

  it('--help names every command and the exit codes', async () => {
    const { code, stdout, stderr } = await cli.run('--help');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    for (const command of [...COMMANDS, 'topology', 'autoscale', 'capacity', 'init'])
      expect(stdout).to.match(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stdout).to.include('Exit codes: 0 PASS, 1 FAIL, 2 bad input, 3 not ready, 4 INCONCLUSIVE');
    const listed = [...stdout.matchAll(/^ {2}([a-z]+)(?= .*\S)/gm)].map(([, name]) => name);
    expect(listed.filter((name) => name !== 'help')).to.include.members([
      ...COMMANDS,
      'topology',
      'autoscale',
      'capacity',
      'init',
    ]);
  });

  for (const command of [
    ...COMMANDS.map((name) => [name]),
    ['topology', 'up'],
    ['topology', 'down'],
    ['topology', 'deploy'],
    ['init', 'ci'],
    ['autoscale', 'simulate'],
    ['autoscale', 'replay'],
    ['autoscale', 'calibrate'],
    ['capacity'],
    ['capacity', 'judge'],
    ['capacity', 'verify'],
    ['capacity', 'keygen'],
    ['capacity', 'forecast'],
    ['capacity', 'extrapolate'],
    ['alerts', 'prove'],
    ['runbook', 'lint'],
    ['runbook', 'validate'],
    ['runbook', 'walk'],
    ['gameday'],
    ['gameday', 'lint'],
    ['gameday', 'rehearse'],
    ['gameday', 'resume'],
  ]) {
    it(`${command.join(' ')} --help has an example`, async () => {
      const { code, stdout, stderr } = await cli.run(...command, '--help');
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(new RegExp(`^Examples?:\\n  \\$ chaos ${command.join(' ')}`, 'm'));
    });
  }

  it('--version prints a version number', async () => {
    const { code, stdout } = await cli.run('--version');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });
});
