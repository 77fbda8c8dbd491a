import { expect } from 'chai';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { block, folderOf, read, sound } from './read.ts';

const WEB = `  web:
    image: shop/web:\${TAG:-1}
    build: { context: ./web, args: { RELEASE: "\${RELEASE:-a}" } }
    environment: { PASSWORD: "\${PASSWORD:-first}", DB: "postgres://u:\${PASSWORD:-first}@db/x", RETRY: "\${RETRY:-on}" }
    ports: ['127.0.0.1:\${PORT:-8080}:80']
    volumes: ['./conf:/etc/web:ro']
  db: { image: db, deploy: { replicas: "\${REPLICAS:-1}" } }
`;
const compose = (services = WEB): string =>
  folderOf({ 'compose.yml': `name: \${NAME:-shop}\n${block()}services:\n${services}` });

function digests(file: string, env: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const { services } = sound(read([file], env));
  return Object.fromEntries(Object.values(services).map(({ name, digest }) => [name, digest]));
}

describe('the digest of a Compose service', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);
  const file = compose();
  let first: Record<string, string | undefined>;

  before(() => {
    first = digests(file);
  });

  it('is there for every service', () => {
    expect(Object.keys(first)).to.have.members(['web', 'db']);
    for (const digest of Object.values(first)) expect(digest).to.match(/^[0-9a-f]{64}$/);
  });

  it('is the same in another checkout, under another project name and on other ports of the machine', () => {
    expect(digests(compose())).to.deep.equal(first);
    expect(digests(file, { NAME: 'other', PORT: '9090' })).to.deep.equal(first);
  });

  it('tells nothing about secrets, and does not change with them', () => {
    expect(digests(file, { PASSWORD: 'second-password' })).to.deep.equal(first);
    const token = '  web: { image: a, command: [serve, "${API_TOKEN}"] }\n';
    expect(digests(compose(token), { API_TOKEN: 'one-token' })).to.deep.equal(
      digests(compose(token), { API_TOKEN: 'another-token' }),
    );
  });

  it('leaves the image to its id', () => {
    expect(digests(file, { TAG: '2', RELEASE: 'b' })).to.deep.equal(first);
  });

  it('changes with what Compose makes of the service, and only for that service', () => {
    const retry = digests(file, { RETRY: 'off' });
    expect(retry['web']).not.to.equal(first['web']);
    expect(retry['db']).to.equal(first['db']);
    const replicas = digests(file, { REPLICAS: '2' });
    expect(replicas['db']).not.to.equal(first['db']);
    expect(replicas['web']).to.equal(first['web']);
  });

  it('does not depend on the order of keys, or on comments', () => {
    const other = compose('  # a comment\n  db: { deploy: { replicas: 1 }, image: db }\n');
    expect(digests(other)['db']).to.equal(first['db']);
  });

  it('is of the service as several files make it together', () => {
    const over = join(folderOf({ 'over.yml': 'services: { db: { environment: { A: "1" } } }\n' }));
    const both = sound(read([file, over])).services['db']?.digest;
    expect(both).not.to.equal(first['db']);
  });
});
