import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../harness/core/random.ts';
import { compileTemplate, templateProblems, usesToken } from '../../../../harness/core/load/template.ts';

const scope = (seed = 1) => ({ random: seededRandom(seed), n: 12, user: 23, token: 't-run-12' });

/** Every value that a template can be seen to take. */
function drawn(text: string): Set<unknown> {
  const template = compileTemplate(text);
  const own = scope();
  return new Set(Array.from({ length: 500 }, () => template(own)));
}

describe('template', () => {
  it('keeps the type of a text that is exactly one template, and makes text of a mixture', () => {
    const body = compileTemplate({ id: '{{int 5 5}}', list: ['{{n}}', true], text: 'no {{n}} of {{token}}', plain: 7 });
    expect(body(scope())).to.deep.equal({ id: 5, list: [12, true], text: 'no 12 of t-run-12', plain: 7 });
  });

  it('reaches both ends of a range and nothing beyond', () => {
    expect([...drawn('{{int 1 3}}')]).to.have.members([1, 2, 3]);
    expect([...drawn('{{pick email sms}}')]).to.have.members(['email', 'sms']);
    expect([...drawn('{{date 2027-02-27 2027-03-01}}')]).to.have.members(['2027-02-27', '2027-02-28', '2027-03-01']);
    const lengths = new Set([...drawn('{{bytes 3 5}}')].map((text) => Buffer.from(String(text), 'base64').length));
    expect([...lengths]).to.have.members([3, 4, 5]);
  });

  it('draws the same values from the same seed', () => {
    const template = compileTemplate({ a: '{{int 1 1000000}}', b: '{{bytes 10 90}}' });
    expect(template(scope(7))).to.deep.equal(template(scope(7)));
    expect(template(scope(7))).not.to.deep.equal(template(scope(8)));
  });

  it('repeats a named value within one request', () => {
    const template = compileTemplate({ form: '{{int 1 1000 as form}}', couple: '{{again form}}' });
    const own = scope();
    const made = Array.from({ length: 50 }, () => template(own) as { form: number; couple: number });
    expect(made.every(({ form, couple }) => form === couple)).to.equal(true);
    expect(new Set(made.map(({ form }) => form)).size).to.be.greaterThan(10);
  });

  it('reports every mistake with its path', () => {
    const body = {
      good: '{{int 1 2}}',
      swapped: '{{int 2 1}}',
      list: ['{{uuid}}', '{{date 2027-02-30 2027-03-01}}'],
      deep: { open: 'a {{token', early: '{{again later}}', later: '{{n as later}}', words: '{{token x}}' },
    };
    expect(templateProblems(body).map(({ path }) => path.join('.'))).to.deep.equal([
      'swapped',
      'list.0',
      'list.1',
      'deep.open',
      'deep.early',
      'deep.words',
    ]);
    expect(() => compileTemplate(body))
      .to.throw()
      .with.property('code', 'CHAOS_TEMPLATE_INVALID');
  });

  it('finds the token anywhere in a body', () => {
    expect(usesToken({ answers: [{ note: 'for {{ token }}' }] })).to.equal(true);
    expect(usesToken({ note: '{{n}}', count: 1, none: null })).to.equal(false);
  });
});
