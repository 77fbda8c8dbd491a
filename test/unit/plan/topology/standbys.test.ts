import { expect } from 'chai';
import { describe, it } from 'mocha';
import { join } from 'node:path';
import { candidates, selectedCount } from '../../../../harness/core/topology/aim.ts';
import { overdrawn } from '../../../../harness/core/topology/connections.ts';
import { ROOT } from '../../../helpers/chaos.ts';
import { read, sound } from './read.ts';

const shipped = (env: Readonly<Record<string, string>> = {}) => read([join(ROOT, 'docker-compose.chaos.yml')], env);

describe('the standbys of the shipped topology', function () {
  // A hang guard: Compose is asked.
  this.timeout(60_000);

  it('are one and no reader, unless CHAOS_STANDBYS says more', () => {
    const readers = [{}, ...[1, 2, 5].map((n) => ({ CHAOS_STANDBYS: String(n) }))].map(
      (env) => sound(shipped(env)).services['reader']?.replicas,
    );
    expect(readers).to.deep.equal([0, 0, 1, 4]);
  });

  it('are refused when they are more than the primary can copy itself to at once', () => {
    const [problem] = shipped({ CHAOS_STANDBYS: '6' }).problems;
    expect(problem).to.include({ code: 'CHAOS_COMPOSE_FILE' });
    expect(problem?.message).to.include('"standbys-6"');
  });

  it('have a role when they can become the primary, and readers have none', () => {
    const spec = sound(shipped({ CHAOS_STANDBYS: '3' }));
    const standby = { service: 'postgres', role: 'standby' } as const;
    expect(candidates(spec, standby)).to.deep.equal(['chaos-postgres-a-1', 'chaos-postgres-b-1']);
    expect(selectedCount(spec, standby)).to.equal(1);
    expect(candidates(spec, { service: 'reader' })).to.deep.equal(['chaos-reader-1', 'chaos-reader-2']);
    expect(spec.services['reader']).to.deep.include({ group: undefined, follows: 'postgres' });
  });

  it('can each take all connections that the read pools of the app open', () => {
    const spec = sound(shipped({ CHAOS_STANDBYS: '2', CHAOS_DB_POOL_SIZE: '100', CHAOS_DB_POOL_SHARED: 'off' }));
    const reader = overdrawn(spec).find(({ server }) => server === 'reader');
    expect(reader?.message).to.equal(
      'reader takes 200 connections, and 312 may be asked for: 3 app x 100 + 12 reserved',
    );
  });
});
