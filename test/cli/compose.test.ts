import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../helpers/chaos.ts';
import { commandLine } from './world.ts';

const EXPERIMENT = 'experiments/redis-loss.yaml';
const COMPOSE_FILE = join(ROOT, 'docker-compose.chaos.yml');
const UNCHECKED = 'docker compose is not there: names of services, links and groups, and replicas are not checked';

/** Makes a PATH without `docker`, or with a `docker` that has no `compose` and fails at every command. */
function pathWith(docker: 'no docker' | 'a docker without compose'): string {
  const dir = mkdtempSync(join(tmpdir(), 'path-'));
  if (docker === 'a docker without compose')
    writeFileSync(join(dir, 'docker'), '#!/bin/sh\nexit 125\n', { mode: 0o755 });
  return dir;
}

interface Document {
  readonly ok: boolean;
  readonly problems: readonly { readonly code: string }[];
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly severity: string }[];
  readonly loads: readonly object[];
}

for (const docker of ['no docker', 'a docker without compose'] as const) {
  describe(`with ${docker}`, function () {
    // A hang guard.
    this.timeout(20_000);
    const cli = commandLine({ PATH: pathWith(docker) });

    it('chaos validate checks all that needs no topology, and says once what stays unchecked', async () => {
      const said = await cli.run('validate', EXPERIMENT, 'experiments/worker-loss.yaml', '--json');
      expect(said.code).to.equal(0);
      const { ok, problems, warnings, loads } = said.json() as Document;
      expect({ ok, problems }).to.deep.equal({ ok: true, problems: [] });
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.include({ code: 'CHAOS_COMPOSE_MISSING', message: UNCHECKED, severity: 'warning' });
      expect(loads).to.have.lengthOf(2);
      const plain = await cli.run('validate', EXPERIMENT);
      expect(plain.code).to.equal(0);
      expect(plain.stderr).to.include(UNCHECKED);
    });

    it('chaos validate and chaos plan still exit with 2 for mistakes', async () => {
      const said = await cli.run('validate', 'test/fixtures/broken/many-mistakes.yaml', '--json');
      expect(said.code).to.equal(2);
      const { ok, problems, warnings } = said.json() as Document;
      expect(ok).to.equal(false);
      // The service that the topology does not have is not reported: without Compose its services are not known.
      expect(problems.map(({ code }) => code)).to.deep.equal([
        'CHAOS_UNKNOWN_KEY',
        'CHAOS_WRONG_UNIT',
        'CHAOS_UNKNOWN_ENDPOINT',
      ]);
      expect(warnings.map(({ code }) => code)).to.deep.equal(['CHAOS_COMPOSE_MISSING']);
      const plan = await cli.run('plan', 'test/fixtures/broken/many-mistakes.yaml', '--json');
      expect(plan.code).to.equal(2);
    });

    for (const args of [
      ['plan', EXPERIMENT, '--json'],
      ['run', EXPERIMENT, '--json'],
      ['heal', '--file', COMPOSE_FILE, '--json'],
      ['abort', '--file', COMPOSE_FILE, '--json'],
    ]) {
      it(`chaos ${args.join(' ').replace(ROOT, '.')} exits with 3, and says how to get Compose`, async () => {
        const said = await cli.run(...args);
        expect(said.code).to.equal(3);
        const { error } = said.json() as { error: { code: string; hint: string } };
        expect(error.code).to.equal('CHAOS_COMPOSE_MISSING');
        expect(error.hint).to.include('npx chaos setup').and.to.include('npx chaos doctor');
      });
    }

    it('chaos topology up and chaos topology down exit with 3', async () => {
      for (const what of ['up', 'down']) {
        const said = await cli.run('topology', what, '--file', COMPOSE_FILE);
        expect(said.code).to.equal(3);
        expect(said.stderr).to.include('CHAOS_COMPOSE_MISSING');
      }
    });
  });
}

describe('a message of Compose about a topology', function () {
  this.timeout(20_000);

  it('is printed in its own words, with exit 2, when Compose refuses the project name', async () => {
    const said = await commandLine({ COMPOSE_PROJECT_NAME: 'MyProj' }).run('plan', EXPERIMENT, '--json');
    expect(said.code).to.equal(2);
    const { error } = said.json() as { error: { code: string; message: string; file: string } };
    expect(error).to.include({ code: 'CHAOS_COMPOSE_FILE', file: 'docker-compose.chaos.yml' });
    expect(error.message).to.include('invalid project name "MyProj"');
  });

  it('is printed once when it is a warning and several experiments share the topology', async () => {
    const cli = commandLine();
    const dir = mkdtempSync(join(tmpdir(), 'warned-'));
    const more = join(dir, 'more.yml');
    writeFileSync(more, 'services: { more: { image: "x:$TAG" } }\n');
    const topology = `topology=[${COMPOSE_FILE}, ${more}]`;
    const said = await cli.run('validate', EXPERIMENT, 'experiments/worker-loss.yaml', '--set', topology, '--json');
    const { ok, warnings } = said.json() as Document;
    expect(ok).to.equal(true);
    expect(warnings.map(({ code }) => code)).to.deep.equal(['CHAOS_COMPOSE_WARNING']);
    expect(warnings[0]?.message).to.include('"TAG"');
    const aborted = await cli.run('abort', '--file', COMPOSE_FILE, '--file', more);
    expect(aborted.code).to.equal(0);
    expect(aborted.stderr).to.include('CHAOS_COMPOSE_WARNING');
  });
});
