import { describe, it } from 'mocha';
import { expect } from 'chai';
import { redact, redactDeep, redactor } from '../../../../harness/core/text/redact.ts';

const cases: Readonly<Record<string, readonly [string, string]>> = {
  'a password in a URL': ['postgres://wedsync:hunter2@db:5432/x', 'postgres://wedsync:***@db:5432/x'],
  'a password with an @ in it': ['redis://:a@b:c@cache:6379', 'redis://:***@cache:6379'],
  'a token in place of a user': ['https://ghp_0123456789abcdefghij@github.com/a/b', 'https://***@github.com/a/b'],
  'each URL of a list': ['amqp://a:1x@h1,amqp://b:2x@h2', 'amqp://a:***@h1,amqp://b:***@h2'],
  'an environment variable': ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=*** psql'],
  'a quoted value': ["--db-password='hunter2' -v", "--db-password='***' -v"],
  'a query string': ['/login?password=hunter2&next=/', '/login?password=***&next=/'],
  'a YAML value': ['db_password: hunter2\nport: 1', 'db_password: ***\nport: 1'],
  'a bearer header': ['Authorization: Bearer abc.def.ghi', 'Authorization: Bearer ***'],
  'a basic header': ['authorization=Basic dXNlcjpodW50ZXIy', 'authorization=Basic ***'],
  'a bearer token on its own': ['sent bearer 0123456789abcdef0', 'sent bearer ***'],
  'a JSON value with an escaped quote': ['{"password":"hun\\"ter2","n":1}', '{"password":"***","n":1}'],
  'JSON within JSON': ['{"log":"{\\"api_key\\":\\"k\\",\\"n\\":1}"}', '{"log":"{\\"api_key\\":\\"***\\",\\"n\\":1}"}'],
  'a private key': [
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----',
  ],
  'a private key that was cut off, in JSON': [
    '{"log":"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0B"}',
    '{"log":"-----BEGIN PRIVATE KEY-----***"}',
  ],
  'a private key behind the beginning of another': [
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----***-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----',
  ],
};

describe('redact', () => {
  for (const [what, [text, expected]] of Object.entries(cases)) {
    it(`masks ${what}, and changes nothing the second time`, () => {
      expect(redact(text)).to.equal(expected);
      expect(redact(redact(text))).to.equal(expected);
    });
  }

  it('needs no longer for many beginnings of keys than for one text of that length', () => {
    // With a search to the end from each of them this took minutes: the test would run into its time limit.
    const text = '-----BEGIN PRIVATE KEY----- '.repeat(200_000);
    expect(redact(text)).to.equal(text);
  });

  it('does not change a text without a secret', () => {
    const innocent = [
      'postgres://wedsync@db:5432/x',
      'http://127.0.0.1:4873/@scope/name',
      'git@example.org:a/b.git',
      '{"token":"t-17","tokens":3,"note":"{{token}}"}',
      'passwords are never printed',
      '2026-11-24T04:30:00.000Z app-1 -> toxiproxy:6001',
    ];
    for (const text of innocent) expect(redact(text)).to.equal(text);
  });
});

describe('redactor', () => {
  const secret = 'p&ss "w<rd"/1';
  const clean = redactor([secret, 'wedsync-chaos', 'wedsync-chaos-2', '', 'abc']);

  it('masks known values in plain text, JSON, URLs and HTML', () => {
    const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    for (const spelt of [secret, JSON.stringify(secret), encodeURIComponent(secret), html]) {
      expect(clean(`before ${spelt} after`)).to.match(/^before "?\*\*\*"? after$/);
    }
  });

  it('masks the longer of two secrets that begin alike, and keeps words that contain a short secret', () => {
    expect(clean('wedsync-chaos-2 wedsync-chaos abcdef')).to.equal('*** *** abcdef');
  });

  it('keeps JSON valid, whatever the secret', () => {
    const line = JSON.stringify({
      a: secret,
      b: [`x${secret}y`],
      password: 'q"\\',
      inner: JSON.stringify({ secret: 'q"\\', n: 1 }),
      url: 'redis://u:p@h',
    });
    expect(JSON.parse(clean(line))).to.deep.equal({
      a: '***',
      b: ['x***y'],
      password: '***',
      inner: '{"secret":"***","n":1}',
      url: 'redis://u:***@h',
    });
  });

  it('takes time linear in the length of a text without spaces', () => {
    const began = performance.now();
    redact('a-b.'.repeat(100_000));
    redact('"'.repeat(100_000));
    redact('\\'.repeat(100_000));
    redact('a://'.repeat(50_000));
    expect(performance.now() - began).to.be.below(2_000);
  });
});

describe('redactDeep', () => {
  it('masks secrets at any depth, and all texts under a secret name, without changing the original', () => {
    const original = {
      a: [{ url: 'redis://u:p@h' }],
      password: 'x',
      'X-Api-Key': 'k',
      n: 1,
      on: new Date(0),
      none: null,
    };
    const copy = redactDeep(original);
    expect(copy).to.deep.equal({ ...original, a: [{ url: 'redis://u:***@h' }], password: '***', 'X-Api-Key': '***' });
    expect(original.password).to.equal('x');
  });

  it('keeps the message of an error and survives a cycle', () => {
    const error = new Error('cannot reach postgres://u:p@h');
    const around: Record<string, unknown> = { error };
    around['self'] = around;
    const copy = redactDeep(around);
    expect(copy['error']).to.include({ message: 'cannot reach postgres://u:***@h' });
    expect(copy['self']).to.equal('[circular]');
  });
});
