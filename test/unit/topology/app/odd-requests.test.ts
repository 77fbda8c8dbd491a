import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { sendOdd } from '../../../helpers/odd/send.ts';
import { type AnyDatabase, type Served, serveApp } from '../../../helpers/wedsync/serve.ts';

const SEED = 14;

/** A database that has every photo and vendor, and takes every write. */
const DATABASE: AnyDatabase = {
  usable: true,
  read: () => Promise.resolve([{ body: '{}', content_type: 'image/png', bytes: Buffer.from('odd') }] as never),
  write: () => Promise.resolve([{ status: 201, body: '{"id":1}' }] as never),
};

describe('the app before odd requests', function () {
  this.timeout(30_000);
  const unexpected: unknown[] = [];
  let app: Served;
  let port = 0;

  before(async () => {
    app = await serveApp(DATABASE, {
      log: (level, message, facts) => void (level === 'error' && unexpected.push(message, facts)),
    });
    ({ port } = app);
  });
  after(() => app[Symbol.asyncDispose]());

  it('answers 404 to "//" (case A1)', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}//`);
    expect([answer.status, await answer.json()]).to.deep.equal([
      404,
      { error: { code: 'not_found', message: 'There is nothing at this address.' } },
    ]);
  });

  it('answers 413 to a body that is too large, and does not break the connection off before (case A1)', async () => {
    const body = JSON.stringify({ note: 'x'.repeat(600_000) });
    const headers = { 'idempotency-key': 'large', 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}/api/forms/submit`, { method: 'POST', body, headers });
    expect(answer.status).to.equal(413);
  });

  it('ends by none of 1,000, and calls none of them an error of its own (case A1)', async () => {
    const seen = await sendOdd({ host: '127.0.0.1', port }, 1_000, SEED, 'unit');
    expect(unexpected, 'unexpected errors in the log').to.deep.equal([]);
    expect([...seen.keys()].filter((status) => status === 500)).to.deep.equal([]);
    // The requests reach every part of the app: they are no noise that the parser of HTTP refuses at once.
    for (const status of [200, 201, 400, 404, 405, 413])
      expect(seen.get(status) ?? 0, `${status}`).to.be.greaterThan(0);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).to.equal(200);
  });
});
