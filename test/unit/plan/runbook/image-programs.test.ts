import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunbookCommand } from '../../../../harness/core/runbook/runbook.ts';
import { programsOfRunbook } from '../../../../harness/plan/runbook/image-programs.ts';
import { SMALL_PLAN } from '../../../helpers/samples/history.ts';

const { topology } = SMALL_PLAN;
const spec = {
  ...topology,
  services: Object.fromEntries(
    Object.entries(topology.services).map(([name, service]) => [name, { ...service, image: `image-of-${name}` }]),
  ),
};
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  'image-of-app': ['bash', 'node'],
  'image-of-postgres-a': ['bash', 'psql'],
  'image-of-postgres-b': ['bash'],
};

const command = (run: string, where: RunbookCommand['where']): RunbookCommand => ({
  name: 'look',
  part: 'confirm',
  line: 7,
  where,
  run,
  timeoutMs: 1_000,
  changes: false,
});
const looked = (...commands: readonly RunbookCommand[]) =>
  programsOfRunbook({ file: '/runbooks/a.md', commands }, spec, (image) => IMAGES[image]);

describe('the programs of a runbook and the images of its services', () => {
  it('are compared where the command runs, and what is missing is named at the command', () => {
    const { missing, unknown } = looked(command('curl -s http://a | nodf -e 1', { target: { service: 'app' } }));
    expect(unknown).to.deep.equal([]);
    expect(missing.map(({ line, code, message }) => `${line} ${code} ${message}`)).to.deep.equal([
      '7 CHAOS_RUNBOOK_PROGRAM "look" starts curl, which is not in the image of app',
      '7 CHAOS_RUNBOOK_PROGRAM "look" starts nodf, which is not in the image of app',
    ]);
    expect(missing[1]?.hint).to.equal('Did you mean "node"?');
  });

  it('must be in every member of a group: any of them may be the primary', () => {
    const { missing } = looked(command('psql -c "select 1"', { target: { service: 'postgres', role: 'primary' } }));
    expect(missing.map(({ message }) => message)).to.deep.equal([
      '"look" starts psql, which is not in the image of postgres-b',
    ]);
  });

  it('are not judged on the host, nor in an image into which nobody has looked', () => {
    expect(looked(command('docker compose start redis', 'host'))).to.deep.equal({ missing: [], unknown: [] });
    expect(looked(command('redis-cli ping', { target: { service: 'redis' } }))).to.deep.equal({
      missing: [],
      unknown: ['redis'],
    });
  });
});
