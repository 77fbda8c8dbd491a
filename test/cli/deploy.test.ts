import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { DeployLog } from '../../harness/commands/common/deploy-log.ts';
import { commandLine } from './world.ts';

/** A compose file with these services. */
function composeOf(services: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'deploy-')), 'compose.yml');
  writeFileSync(file, `name: shop\nx-chaos: { entry: 'http://127.0.0.1:8080' }\nservices:\n${services}`);
  return file;
}

const update = (name: string): string => `  ${name}: { image: a, deploy: { update_config: { parallelism: 1 } } }\n`;

describe('chaos topology deploy', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);
  const line = commandLine();
  const deploy = (...args: readonly string[]) => line.run('topology', 'deploy', ...args);

  it('has an example in its help', async () => {
    const { code, stdout } = await deploy('--help');
    expect(code).to.equal(0);
    expect(stdout).to.include("$ chaos topology deploy --image '{{image}}-good'");
  });

  it('refuses what cannot work before it asks the engine', async () => {
    const one = composeOf(update('web') + '  db: { image: b }\n');
    const two = composeOf(update('web') + update('api'));
    for (const [args, code, text] of [
      [['--image', 'Shop App', '-f', one], 'CHAOS_USAGE', 'no name of an image'],
      [['--image', 'a', '--healthy-within', 'soon', '-f', one], 'CHAOS_USAGE', 'no duration'],
      [['--image', 'a', '--service', 'wep', '-f', one], 'CHAOS_UNKNOWN_SERVICE', 'Did you mean "web"?'],
      [['--image', 'a', '--service', 'db', '-f', one], 'CHAOS_NO_UPDATE_CONFIG', 'deploy.update_config'],
      [['--image', 'a', '-f', two], 'CHAOS_USAGE', 'Name the service that gets the image: api, web.'],
    ] as const) {
      const said = await deploy(...args);
      expect(said.code, said.stderr).to.equal(2);
      expect(said.stderr).to.include(code).and.to.include(text);
    }
    expect((await deploy()).stderr).to.include('--image');
  });

  it('prints an error as a document with --json', async () => {
    const said = await deploy('--image', 'a', '--service', 'db', '-f', composeOf('  db: { image: b }\n'), '--json');
    expect(said.json()).to.deep.include({ exit_code: 2 });
    expect(said.stdout).to.include('CHAOS_NO_UPDATE_CONFIG');
  });
});

describe('the lines of a deploy', () => {
  it('are one for each container that was replaced, was bad, or has its old image again', () => {
    const lines: string[] = [];
    const log = new DeployLog((line) => lines.push(line));
    const at = (s: number, container: string, step: Parameters<DeployLog['add']>[0]['step'], text?: string): void =>
      log.add({ kind: 'deploy.step', container, step, image: '', ...(text === undefined ? {} : { text }) }, s);
    at(1, 'app-1', 'created');
    at(1.4, 'app-1', 'started');
    at(3, 'app-1', 'healthy');
    at(8, 'app-1', 'good', '40 answers, 0 of them errors');
    at(8, 'app-1', 'draining');
    at(10.5, 'app-1', 'gone');
    at(20, 'app-2', 'created');
    at(20.5, 'app-2', 'gone');
    at(21, 'app-2', 'started');
    at(23, 'app-2', 'failed', 'is unhealthy');
    at(25, 'app-2', 'given back');
    expect(lines).to.deep.equal([
      'app-1: replaced after 9.5 s: healthy after 2.0 s, good after 7.0 s (40 answers, 0 of them errors)',
      'app-2: bad after 3.0 s: it is unhealthy',
      'app-2: has its old image again',
    ]);
    expect(log.touched).to.equal(2);
    expect(log.of('app-2').map(({ step, at_s }) => [step, at_s])).to.deep.equal([
      ['created', 20],
      ['gone', 20.5],
      ['started', 21],
      ['failed', 23],
      ['given back', 25],
    ]);
    expect(log.of('app-3')).to.deep.equal([]);
  });
});
