import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { minified } from '../../../../topology/app/minify.ts';
import { type AnyDatabase, type Served, serveApp } from '../../../helpers/wedsync/serve.ts';

const SOURCE = readFileSync(new URL('../../../../topology/app/assets/app.css', import.meta.url), 'utf8');
const NO_DATABASE: AnyDatabase = {
  usable: true,
  read: () => Promise.reject(new Error('unasked')),
  write: () => Promise.reject(new Error('unasked')),
};

/** All characters that mean something, whatever stands between them. */
const bare = (css: string): string => css.replace(/\s+/g, '').replaceAll(';}', '}');

describe('the style sheet of the app', () => {
  let app: Served;
  before(async () => {
    app = await serveApp(NO_DATABASE);
  });
  after(() => app[Symbol.asyncDispose]());

  it('loses only blanks and comments when it is minified, and keeps the blanks that mean something', () => {
    const css = minified(`/* a */ ${SOURCE}\n/* b\n */`);
    expect(bare(css)).to.equal(bare(SOURCE));
    expect(css.length).to.be.lessThan(SOURCE.length);
    expect(css).not.to.match(/\n|\/\*| {2}/);
    expect(minified('ul > li :hover { margin: 0 auto; font: 16px/1.5 a, b }')).to.equal(
      'ul>li :hover{margin:0 auto;font:16px/1.5 a,b}',
    );
    expect(SOURCE, 'what minify.ts does not know').not.to.match(/["']|url\(/);
  });

  it('has a name that changes with its content, and is kept for a year', async () => {
    const manifest = (await (await fetch(`${app.url}/assets/manifest.json`)).json()) as Record<string, string>;
    const answer = await fetch(app.url + manifest['app.css']);
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).to.equal('text/css; charset=utf-8');
    expect(await answer.text()).to.equal(minified(SOURCE));
  });

  it('is there for the name of another release, and is not kept under it', async () => {
    const answer = await fetch(`${app.url}/assets/app.0123456789abcdef.css`);
    expect([answer.status, answer.headers.get('cache-control')]).to.deep.equal([200, 'no-store']);
    expect((await fetch(`${app.url}/assets/app.other.css`)).status).to.equal(404);
  });

  it('keeps its old name, and says 304 with the content type of the content', async () => {
    const answer = await fetch(`${app.url}/assets/app.css`);
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=300');
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(`${app.url}/assets/app.css`, { headers: { 'if-none-match': etag } });
    expect([again.status, again.headers.get('content-type')]).to.deep.equal([304, 'text/css; charset=utf-8']);
  });
});
