import { expect } from 'chai';
import { describe, it } from 'mocha';
import patroni from '../../../harness/roles/patroni.ts';

const said = (body: object) => patroni.read({ ok: true, body: JSON.stringify(body) });

describe('the roles of Patroni', () => {
  it('is the role that Patroni reports, in its old words ("master") and in its new words ("primary")', () => {
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

  it('is unknown while the node does not run, because a primary that still starts accepts nothing', () => {
    for (const state of ['starting', 'stopped', 'crashed', 'running custom bootstrap script', undefined]) {
      expect(said({ role: 'master', state })).to.deep.equal({
        role: 'unknown',
        state: state ?? 'unknown',
        timeline: null,
      });
    }
  });

  it('is unknown without an answer, and with an answer that cannot be read', () => {
    const unreachable = { role: 'unknown', state: 'unreachable', timeline: null };
    expect(patroni.read({ ok: false })).to.deep.equal(unreachable);
    expect(patroni.read({ ok: true })).to.deep.equal(unreachable);
    expect(patroni.read({ ok: false, body: '{"role":"master","state":"running"}' })).to.deep.equal(unreachable);
    for (const body of ['', '<html>', '{"role":', 'null', '[]', '7']) {
      expect(patroni.read({ ok: true, body }).role, body).to.equal('unknown');
    }
  });
});
