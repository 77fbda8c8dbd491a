import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ready } from '../../../../topology/app/routes/health.ts';

describe('GET /ready', () => {
  const state = { usable: false, draining: false };
  const route = ready({ usable: () => state.usable, draining: () => state.draining });
  const status = async (): Promise<number> => (await route.handle({} as never)).status;

  it('is 503 until the service could be used once, stays 200 without a database, and is 404 once the replica ends', async () => {
    expect(await status()).to.equal(503);
    state.usable = true;
    expect(await status()).to.equal(200);
    state.usable = false;
    expect(await status()).to.equal(200);
    state.draining = true;
    expect(await status()).to.equal(404);
  });
});
