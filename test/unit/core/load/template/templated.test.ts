import { expect } from 'chai';
import { describe, it } from 'mocha';
import { seededRandom } from '../../../../../harness/core/random.ts';
import {
  compileRequest,
  type Templated,
  templateProblems,
  usesToken,
} from '../../../../../harness/core/load/template/templated.ts';

const scope = (seed = 1) => ({ random: seededRandom(seed), n: 12, user: 23, token: 't-run-12' });

const request = (parts: Partial<Templated>): Templated => ({ path: '/', query: {}, body: undefined, ...parts });
const bodyOf = (body: string, own = scope()): string | undefined => compileRequest(request({ body })).body(own);
const pathOf = (path: string, query: Templated['query'] = {}): string =>
  compileRequest(request({ path, query })).path(scope());

/** Returns the different values that a template gives in 500 draws. */
function drawn(text: string): Set<unknown> {
  const template = compileRequest(request({ body: JSON.stringify(text) }));
  const own = scope();
  return new Set(Array.from({ length: 500 }, () => JSON.parse(template.body(own) ?? '') as unknown));
}

describe('a template', () => {
  it('gives a value of its own type when it is the whole text, and text when it is a part of a text', () => {
    const body = '{"id":"{{int 5 5}}","list":["{{n}}",true],"text":"no {{n}} of {{token}}","plain":7}';
    expect(bodyOf(body)).to.equal('{"id":5,"list":[12,true],"text":"no 12 of t-run-12","plain":7}');
  });

  it('gives both ends of a range and nothing beyond', () => {
    expect([...drawn('{{int 1 3}}')]).to.have.members([1, 2, 3]);
    expect([...drawn('{{pick email sms}}')]).to.have.members(['email', 'sms']);
    expect([...drawn('{{date 2027-02-27 2027-03-01}}')]).to.have.members(['2027-02-27', '2027-02-28', '2027-03-01']);
    const lengths = new Set([...drawn('{{bytes 3 5}}')].map((text) => Buffer.from(String(text), 'base64').length));
    expect([...lengths]).to.have.members([3, 4, 5]);
  });

  it('draws the same values from the same seed', () => {
    const body = '["{{int 1 1000000}}","{{bytes 10 90}}"]';
    expect(bodyOf(body, scope(7))).to.equal(bodyOf(body, scope(7)));
    expect(bodyOf(body, scope(7))).not.to.equal(bodyOf(body, scope(8)));
  });

  it('repeats a value that it, or a part before it, has named within one request', () => {
    const template = compileRequest({
      path: '/forms/{{int 1 1000 as form}}',
      query: { form: '{{again form}}' },
      body: '{"form":"{{again form}}"}',
    });
    const own = scope();
    const made = Array.from({ length: 50 }, () => {
      const [, path, query] = /^\/forms\/(\d+)\?form=(\d+)$/.exec(template.path(own)) ?? [];
      return [path, query, String((JSON.parse(template.body(own) ?? '') as { form: number }).form)];
    });
    expect(made.every(([path, query, body]) => path !== undefined && path === query && query === body)).to.equal(true);
    expect(new Set(made.map(([path]) => path)).size).to.be.greaterThan(10);
  });

  it('works in a path, a query and the name of a member (case C9)', () => {
    expect(pathOf('/items/{{int 7 7}}')).to.equal('/items/7');
    expect(pathOf('/items/{{pick a/b?c}}?of={{n}}', { '{{token}}': '{{n}}&' })).to.equal(
      '/items/a%2Fb%3Fc?of=12&t-run-12=12%26',
    );
    expect(bodyOf('{"{{token}}":1}')).to.equal('{"t-run-12":1}');
  });

  it('stands beside braces that are doubled because they are meant literally (case C9)', () => {
    expect(bodyOf('{"a":"{{{{n}}}}","b":"{{{{{{n}}}}}}","c":"{n} } {"}')).to.equal(
      '{"a":"{{n}}","b":"{{12}}","c":"{n} } {"}',
    );
    expect(pathOf('/{{{{n}}}}/{{n}}')).to.equal('/{{n}}/12');
  });

  it('leaves every other byte of a body as it is written (case C6)', () => {
    for (const body of [
      '{"id":9007199254740993}',
      '{ "price" : 1.10, "big":1e400,"deep":[[ ]],  "a\\u0062": "\\u00e9\\/ é", "2":1, "1":2}\n',
      '"\\ud800"',
      '{"quote":"\\"{","end":"\\\\","n":"{{n}}"}',
    ]) {
      expect(bodyOf(body)).to.equal(body.replace('"{{n}}"', '12'));
    }
  });

  it('leaves every other byte of a path as it is written, and joins the queries (cases C6, C8)', () => {
    expect(pathOf('//a/../%2e/{b}/"\\')).to.equal('//a/../%2e/{b}/"\\');
    expect(pathOf('/a?b=1', { c: '2' })).to.equal('/a?b=1&c=2');
    expect(pathOf('/a?', { c: '2' })).to.equal('/a?c=2');
    expect(pathOf('/a?b=1&', { c: '2', d: '3' })).to.equal('/a?b=1&c=2&d=3');
    expect(pathOf('/a', { 'ä ': '&=ü' })).to.equal('/a?%C3%A4%20=%26%3D%C3%BC');
  });

  it('reports every mistake with its path', () => {
    const parts = {
      path: '/a/{{int 1}}',
      query: { a: '{{user 1', '{{x}}': '1', half: '\ud800' },
      body: {
        good: '{{int 1 2}}',
        swapped: '{{int 2 1}}',
        list: ['{{uuid}}', '{{date 2027-02-30 2027-03-01}}'],
        deep: { open: 'a {{token', early: '{{again later}}', later: '{{n as later}}', words: '{{token x}}' },
        '{{key}}': 1,
      },
    };
    expect(templateProblems(parts).map(({ path }) => path.join('.'))).to.deep.equal([
      'path',
      'query.a',
      'query.{{x}}',
      'query.half',
      'body.swapped',
      'body.list.0',
      'body.list.1',
      'body.deep.open',
      'body.deep.early',
      'body.deep.words',
      'body.{{key}}',
    ]);
    expect(() => compileRequest({ ...parts, body: undefined }))
      .to.throw()
      .with.property('code', 'CHAOS_TEMPLATE_INVALID');
  });

  it('is known to use the token, anywhere in a body', () => {
    expect(usesToken({ answers: [{ note: 'for {{ token }}' }] })).to.equal(true);
    expect(usesToken({ note: '{{n}}', count: 1, none: null, braces: '{{{{token}}}}' })).to.equal(false);
  });
});
