import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { engineAt } from '../../../../../harness/control/docker/engine/address.ts';

/** Makes a configuration of `docker` with these contexts. */
function configured(contexts: Readonly<Record<string, string>>, current?: string): string {
  const config = mkdtempSync(join(tmpdir(), 'docker-config-'));
  writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext: current }));
  for (const [name, Host] of Object.entries(contexts)) {
    const meta = join(config, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
    mkdirSync(meta, { recursive: true });
    writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host } } }));
  }
  return config;
}

describe('the address of the engine (case C2)', () => {
  const OTHER = { other: 'unix:///run/other.sock', far: 'ssh://me@far', tcp: 'tcp://10.0.0.7:2375' };

  it('is the usual socket without a context', () => {
    const usual = { socketPath: '/var/run/docker.sock', host: '' };
    expect(engineAt({ DOCKER_CONFIG: '/nowhere' })).to.deep.equal(usual);
    expect(engineAt({ DOCKER_CONFIG: configured(OTHER) })).to.deep.equal(usual);
    expect(engineAt({ DOCKER_CONFIG: configured(OTHER, 'default') })).to.deep.equal(usual);
  });

  it('is the address of the context in use, of DOCKER_CONTEXT before it, and of DOCKER_HOST before both', () => {
    const DOCKER_CONFIG = configured(OTHER, 'other');
    expect(engineAt({ DOCKER_CONFIG })).to.include({ socketPath: '/run/other.sock' });
    expect(engineAt({ DOCKER_CONFIG, DOCKER_CONTEXT: 'tcp' })).to.deep.equal({
      host: '10.0.0.7',
      port: 2_375,
      protocol: 'http',
    });
    expect(engineAt({ DOCKER_CONFIG, DOCKER_CONTEXT: 'tcp', DOCKER_HOST: 'unix:///run/mine.sock' })).to.include({
      socketPath: '/run/mine.sock',
    });
  });

  it('is refused by name when the context is not there or leads where chaos cannot go', () => {
    const DOCKER_CONFIG = configured(OTHER, 'far');
    for (const env of [{ DOCKER_CONFIG }, { DOCKER_CONFIG, DOCKER_CONTEXT: 'gone' }]) {
      expect(() => engineAt(env))
        .to.throw()
        .that.includes({ code: 'CHAOS_ENGINE_ADDRESS', exit: 'not-ready' });
    }
  });
});
