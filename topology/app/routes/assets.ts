import { createHash } from 'node:crypto';
import type { Route } from '../router.ts';

const CSS = `:root { --rose: #b5475b; --ink: #2b2a33; --paper: #fffaf7; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--ink); background: var(--paper); }
h1, h2 { font-weight: 600; line-height: 1.2; }
a { color: var(--rose); }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.5rem; border-bottom: 1px solid #e7dcd6; text-align: left; }
.timeline { display: grid; gap: 0.5rem; }
.timeline > li { border-left: 3px solid var(--rose); padding-left: 0.75rem; list-style: none; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 0.5rem; }
`;

const ETAG = `"${createHash('sha256').update(CSS).digest('hex').slice(0, 16)}"`;
const CACHING = { 'cache-control': 'public, max-age=300', etag: ETAG };

/** GET /assets/app.css: a static file, for the caches in front of the service. */
export const stylesheet = (): Route => ({
  method: 'GET',
  path: '/assets/app.css',
  handle({ headers }) {
    const reply =
      headers['if-none-match'] === ETAG
        ? { status: 304, body: '', headers: CACHING }
        : { status: 200, body: CSS, headers: { ...CACHING, 'content-type': 'text/css; charset=utf-8' } };
    return Promise.resolve(reply);
  },
});
