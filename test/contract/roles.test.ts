import { expect } from 'chai';
import { describe, it } from 'mocha';
import { composed } from '../../harness/plan/topology/shape.ts';
import { roleSources } from '../../harness/roles/index.ts';

const HOSTILE = ['', 'null', '[]', '7', '<html>', '{"role":', 'primary', 'primary|', '|', '\0'];

/** Returns whether a compose file may name this way to ask for roles. */
function isKnown(name: string): boolean {
  const { shape } = composed.shape['x-chaos'];
  return shape.roles.safeParse({ group: name }).success;
}

describe('ways to ask for roles', () => {
  it('are what a compose file may say, and nothing else is', () => {
    for (const { name } of roleSources) expect(isKnown(name), name).to.equal(true);
    expect(isKnown('patronni')).to.equal(false);
  });

  for (const source of roleSources) {
    it(`${source.name} has a summary and an interval, and takes no broken answer for a role`, () => {
      expect(source.summary).to.match(/^[A-Z].*\.$/);
      expect(source.everyMs).to.be.within(250, 5_000);
      for (const text of HOSTILE) {
        const { role } = 'question' in source ? source.read({ ok: true, body: text }) : source.read(text);
        expect(role, text).to.equal('unknown');
      }
      const silent = 'question' in source ? source.read({ ok: false }) : source.read(undefined);
      expect(silent).to.deep.equal({ role: 'unknown', state: 'unreachable', timeline: null });
    });
  }
});
