import { expect } from 'chai';
import { describe, it } from 'mocha';
import { bodyHash, idempotencyKey } from '../../../../topology/app/idempotency.ts';

describe('the idempotency of the app', () => {
  it('hashes the content of a body, and not how the body is written', () => {
    const one = JSON.parse('{"a": 1, "b": {"c": [1, 2], "d": null}}');
    const other = JSON.parse('{"b":{"d":null,"c":[1,2]},"a":1.0}');
    expect(bodyHash(one)).to.equal(bodyHash(other));
  });

  it('distinguishes bodies that differ in a value, its type, the order of items or the nesting', () => {
    const bodies = [
      { a: 1 },
      { a: '1' },
      { a: 2 },
      { a: [1, 2] },
      { a: [2, 1] },
      { a: null },
      {},
      { a: { a: 1 } },
      [],
      'a',
    ];
    expect(new Set(bodies.map(bodyHash)).size).to.equal(bodies.length);
  });

  for (const [what, headers] of [
    ['a missing key', {}],
    ['an empty key', { 'idempotency-key': '' }],
    ['a key with a space', { 'idempotency-key': 'a b' }],
    ['a key beyond ASCII', { 'idempotency-key': 'clé' }],
    ['a key of 201 characters', { 'idempotency-key': 'k'.repeat(201) }],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => idempotencyKey(headers))
        .to.throw()
        .with.property('status', 400);
    });
  }

  it('accepts any other key', () => {
    expect(idempotencyKey({ 'idempotency-key': 'run-1:POST/7' })).to.equal('run-1:POST/7');
  });
});
