import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { etagOf, IMMUTABLE, unlessKnown } from '../conditional.ts';
import { notFound } from '../errors.ts';
import { minified } from '../minify.ts';
import { json } from '../router.ts';
import type { Reply, Route } from '../router.ts';

const CSS = minified(readFileSync(new URL('../assets/app.css', import.meta.url), 'utf8'));

/** The name changes with the content, so a cache may keep what has this name for good. */
const HASHED = `app.${hash('sha256', CSS, 'hex').slice(0, 16)}.css`;

/** The name of another release: it may be asked for while replicas of two releases serve side by side. */
const OF_ANOTHER_RELEASE = /^app\.[0-9a-f]{16}\.css$/;

const css = (caching: string): Reply => ({
  status: 200,
  body: CSS,
  headers: { 'cache-control': caching, 'content-type': 'text/css; charset=utf-8' },
});

const MANIFEST: Reply = {
  ...json(200, { 'app.css': `/assets/${HASHED}` }),
  headers: { 'cache-control': 'public, max-age=60' },
};

function assetOf(name: string | undefined): Reply {
  if (name === HASHED) return css(IMMUTABLE);
  if (name === 'app.css') return css('public, max-age=300');
  if (name === 'manifest.json') return MANIFEST;
  if (name !== undefined && OF_ANOTHER_RELEASE.test(name)) return css('no-store');
  throw notFound('There is no such asset.');
}

/**
 * GET /assets/app.<hash>.css, for a year; GET /assets/manifest.json, which tells the hash; GET /assets/app.css, for
 * clients that know no hash.
 */
export const assets = (): Route => ({
  method: 'GET',
  path: '/assets/:name',
  async handle({ params, headers }) {
    const reply = assetOf(params['name']);
    return unlessKnown(headers, etagOf(String(reply.body)), reply);
  },
});
