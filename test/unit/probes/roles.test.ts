import { expect } from 'chai';
import { describe, it } from 'mocha';
import { roleOf } from '../../../harness/probes/roles.ts';

const said = (body: object): ReturnType<typeof roleOf> => roleOf({ ok: true, body: JSON.stringify(body) });

describe('the role of a database node', () => {
  it('is what Patroni says, in its old words and its new ones', () => {
    expect(said({ role: 'master', state: 'running', timeline: 3 })).to.deep.equal({
      role: 'primary',
      state: 'running',
      timeline: 3,
    });
    expect(said({ role: 'primary', state: 'running' })).to.deep.equal({
      role: 'primary',
      state: 'running',
      timeline: null,
    });
    for (const role of ['replica', 'sync_standby', 'standby_leader'])
      expect(said({ role, state: 'running' }).role).to.equal('standby');
  });

  it('is unknown while the node does not run: a primary that starts accepts nothing', () => {
    for (const state of ['starting', 'stopped', 'crashed', 'running custom bootstrap script', undefined]) {
      expect(said({ role: 'master', state })).to.deep.equal({
        role: 'unknown',
        state: state ?? 'unknown',
        timeline: null,
      });
    }
  });

  it('is unknown without an answer, and without one that can be read', () => {
    const unreachable = { role: 'unknown', state: 'unreachable', timeline: null };
    expect(roleOf({ ok: false })).to.deep.equal(unreachable);
    expect(roleOf({ ok: true })).to.deep.equal(unreachable);
    expect(roleOf({ ok: false, body: '{"role":"master","state":"running"}' })).to.deep.equal(unreachable);
    for (const body of ['', '<html>', '{"role":', 'null', '[]', '7']) {
      expect(roleOf({ ok: true, body }).role, body).to.equal('unknown');
    }
  });
});
