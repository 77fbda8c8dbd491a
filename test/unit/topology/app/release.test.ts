import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Release, RELEASES } from '../../../../topology/app/config.ts';
import { begin, released } from '../../../../topology/app/release.ts';
import { json } from '../../../../topology/app/router.ts';
import type { ApiRequest, Route } from '../../../../topology/app/router.ts';
import { Deadline } from '../../../../topology/app/time.ts';
import { ManualTime } from './manual-time.ts';

const route = (path: string): Route => ({ method: 'GET', path, handle: () => Promise.resolve(json(200, path)) });
const ROUTES = ['/api/dashboard', '/photos/:id', '/health', '/ready', '/metrics'].map(route);

const request = (): ApiRequest => ({
  path: '/',
  params: {},
  query: new URLSearchParams(),
  headers: {},
  body: undefined,
  deadline: new Deadline(new ManualTime(), 1_000),
});

/** What each route answers: its status, or the message of its error. */
async function answers(release: Release): Promise<Record<string, unknown>> {
  const asked: string[] = [];
  const db = {
    read: ({ text }: { readonly text: string }) => {
      asked.push(text);
      return Promise.reject(new Error('column "theme" does not exist'));
    },
  };
  const told = await Promise.all(
    released(release, ROUTES, db).map(async (route) => [
      route.path,
      await route.handle(request()).then(
        ({ status }) => status,
        (error: unknown) => (error as Error).message,
      ),
    ]),
  );
  return Object.fromEntries(told) as Record<string, unknown>;
}

const operators = { '/health': 200, '/ready': 200, '/metrics': 200 };

describe('a release of the app', () => {
  it('that is good serves each route', async () => {
    for (const release of ['good', 'leaks', 'slow-start'] as const)
      expect(await answers(release), release).to.deep.equal({
        '/api/dashboard': 200,
        '/photos/:id': 200,
        ...operators,
      });
  });

  it('that is bad fails each request and tells operators that it is well', async () => {
    const failed = (why: string) => ({ '/api/dashboard': why, '/photos/:id': why, ...operators });
    expect(await answers('answers-500')).to.deep.equal(failed('this release fails each request'));
    expect(await answers('wrong-schema')).to.deep.equal(failed('column "theme" does not exist'));
  });

  it('begins to listen at once, late or never', async () => {
    for (const release of RELEASES.filter((one) => one !== 'leaks')) {
      const time = new ManualTime();
      let listens = false;
      const begun = begin(release, () => (listens = true), time).catch((error: unknown) => (error as Error).message);
      await Promise.resolve();
      expect(listens, release).to.equal(release !== 'does-not-start' && release !== 'slow-start');
      await time.pass(40_000);
      expect(await begun, release).to.equal(release === 'does-not-start' ? 'this release does not start' : undefined);
      expect(listens, release).to.equal(release !== 'does-not-start');
    }
  });

  it('that leaks takes memory from its beginning on', async () => {
    const time = new ManualTime();
    let listens = false;
    const before = process.memoryUsage().arrayBuffers;
    await begin('leaks', () => (listens = true), time);
    await time.pass(500);
    expect(listens).to.equal(true);
    expect(process.memoryUsage().arrayBuffers - before).to.be.at.least(2 * 16 * 1024 * 1024);
  });
});
