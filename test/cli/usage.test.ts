import { expect } from 'chai';
import { describe, it } from 'mocha';
import { commandLine } from './world.ts';

/** Wrong command lines, each with the message that it gets. */
const WRONG: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['rum'], /unknown command 'rum'/],
  [['run'], /missing required argument 'experiment'/],
  [['validate'], /missing required argument 'files'/],
  [['judge'], /missing required argument 'run'/],
  [['run', 'x.yaml', 'y.yaml'], /too many arguments/],
  [['run', 'x.yaml', '--sett', 'a=b'], /unknown option '--sett'/],
  [['--jsn'], /unknown option '--jsn'/],
  [['topology', 'sideways'], /unknown command 'sideways'/],
];

describe('a wrong command line', function () {
  this.timeout(20_000);
  const cli = commandLine();

  for (const [args, message] of WRONG) {
    it(`(chaos ${args.join(' ')}) ends with exit 2 and a message on stderr`, async () => {
      const { code, stdout, stderr } = await cli.run(...args);
      expect(code).to.equal(2);
      expect(stderr).to.match(message);
      expect(stdout).to.equal('');
    });

    it(`(chaos ${args.join(' ')} --json) prints one document with the error`, async () => {
      const said = await cli.run(...args, '--json');
      expect(said.code).to.equal(2);
      const document = said.json() as {
        error: { code: string; message: string; hint: string };
        exit_code: number;
        schema_version: number;
      };
      expect(document).to.have.keys('schema_version', 'error', 'exit_code');
      expect(document.error.code).to.equal('CHAOS_USAGE');
      expect(document.error.message).to.match(message);
      expect(document.error.hint).to.match(/--help/);
      expect(document.exit_code).to.equal(2);
    });
  }

  it('ends with exit 2 when an option has no value', async () => {
    const { code, stderr } = await cli.run('list', '--reports');
    expect(code).to.equal(2);
    expect(stderr).to.include('argument missing');
  });

  it('gets a suggestion of a known command or option', async () => {
    expect((await cli.run('rum')).stderr).to.include('Did you mean run?');
    expect((await cli.run('run', 'x.yaml', '--sett', 'a=b')).stderr).to.include('Did you mean --set?');
  });

  it('prints the help on stderr and ends with exit 2 when it has no command', async () => {
    const { code, stdout, stderr } = await cli.run();
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(stderr).to.include('Usage: chaos');
  });
});
