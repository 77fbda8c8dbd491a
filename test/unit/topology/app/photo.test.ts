import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Embedded, embeddedWedsync } from '../../../helpers/wedsync/embedded.ts';
import { type Served, serveApp } from '../../../helpers/wedsync/serve.ts';

describe('a photo of the app', function () {
  this.timeout(60_000);
  let postgres: Embedded;
  let app: Served;
  before(async () => {
    postgres = await embeddedWedsync();
    app = await serveApp(postgres.database);
  });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  });

  const photo = (path: string, etag?: string): Promise<Response> =>
    fetch(app.url + path, etag === undefined ? {} : { headers: { 'if-none-match': etag } });

  async function listed(): Promise<string> {
    const { photos } = (await (await photo('/api/photos?wedding_id=1&limit=1')).json()) as {
      photos: { url: string }[];
    };
    return photos[0]?.url ?? '';
  }

  it('is kept for a year at the address that the list has, and for a minute at its id', async () => {
    const answer = await photo(await listed());
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([200, 'image/bmp']);
    expect((await answer.bytes()).length).to.equal(3_126);
    expect((await photo('/photos/25')).headers.get('cache-control')).to.equal('public, max-age=60');
  });

  it('is not at the address of a version that it does not have', async () => {
    for (const v of ['1', '', 'x']) expect((await photo(`/photos/25?v=${v}`)).status, v).to.equal(404);
    const before = await listed();
    await postgres.exec('update photos set uploaded_at = now() where id = 25');
    expect((await photo(before)).status).to.equal(404);
    expect((await photo(await listed())).status).to.equal(200);
  });

  it('is not sent again to who has it, but is sent to who has another photo of the same moment', async () => {
    await postgres.exec(`update photos set uploaded_at = '2027-01-02' where id in (3, 4)`);
    const etag = (await photo('/photos/3')).headers.get('etag') ?? '';
    for (const given of [etag, `W/${etag}`]) {
      const again = await photo('/photos/3', given);
      expect([again.status, again.headers.get('content-type')]).to.deep.equal([304, 'image/bmp']);
    }
    expect((await photo('/photos/4', etag)).status).to.equal(200);
  });
});
