import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { commandLine } from './world.ts';

describe('chaos alerts lint', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(30_000);
  const chaos = commandLine({}, ROOT);

  it('finds no mistake in the rules of the topology', async () => {
    const said = await chaos.run('alerts', 'lint', '--json');
    expect(said.code, said.stderr).to.equal(0);
    const { ok, rules, problems } = said.json() as { ok: boolean; rules: { name: string }[]; problems: object[] };
    expect(problems).to.deep.equal([]);
    expect(ok).to.equal(true);
    expect(rules.map(({ name }) => name)).to.include('InstanceDown');
  });

  it('names mistakes with their place and the line, and ends with 2', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rules-')), 'rules.yaml');
    writeFileSync(file, 'groups:\n  - name: g\n    rules:\n      - { alert: A, expr: up == 0 }\n');
    const { code, stdout, stderr } = await chaos.run('alerts', 'lint', file);
    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/rules\.yaml:4:18 {2}error CHAOS_ALERT_FAULT/)
      .and.include('    4 |       - { alert: A, expr: up == 0 }');
    expect(stdout).to.match(/^1 alert rule, \d+ mistakes\n$/);
  });

  it('refuses a history that is no duration', async () => {
    const { code, stderr } = await chaos.run('alerts', 'lint', '--history', 'long');
    expect(code).to.equal(2);
    expect(stderr).to.include('--history 2h');
  });
});
