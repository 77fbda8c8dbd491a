import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { parse } from 'yaml';
import { TwoLayerCache } from '../../topology/app/cache.ts';
import { monotonic as time } from '../../topology/app/time.ts';
import { ROOT } from '../helpers/chaos.ts';
import { type Embedded, embeddedWedsync } from '../helpers/wedsync/embedded.ts';
import { appRoutes, type Served, serveApp } from '../helpers/wedsync/serve.ts';

/** Every list of the API: its name in the answer, the query that selects more than one page, and further filters. */
const LISTS = [
  { path: '/api/clients', name: 'clients', of: { vendor_id: '1' }, filters: [{ q: 'amelia' }] },
  { path: '/api/weddings/upcoming', name: 'weddings', of: { vendor_id: '1' }, filters: [{ until: '2027-06-05' }] },
  {
    path: '/api/tasks',
    name: 'tasks',
    of: { vendor_id: '1' },
    filters: [{ status: 'done' }, { status: 'all' }, { due_by: '2027-05-08' }],
  },
  { path: '/api/timeline', name: 'items', of: { wedding_id: '1' }, filters: [] },
  { path: '/api/photos', name: 'photos', of: { wedding_id: '1' }, filters: [] },
  { path: '/api/communication', name: 'messages', of: { wedding_id: '1' }, filters: [{ channel: 'sms' }] },
] as const;

const NO_LISTS = ['/api/dashboard'];

type Item = Readonly<Record<string, unknown>>;
type Page = Readonly<Record<string, unknown>> & { readonly next?: string | null };

describe('every list of the API', function () {
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

  const ask = (path: string, query: Readonly<Record<string, string>>, headers = {}): Promise<Response> =>
    fetch(`${app.url}${path}?${new URLSearchParams(query).toString()}`, { headers });

  const page = async (path: string, query: Readonly<Record<string, string>>): Promise<Page> => {
    const answer = await ask(path, query);
    const text = await answer.text();
    expect(answer.status, text).to.equal(200);
    return JSON.parse(text) as Page;
  };

  /** Reads a list to its end, `limit` rows at a time. */
  async function whole(path: string, name: string, query: Readonly<Record<string, string>>, limit: number) {
    const items: Item[] = [];
    let next: string | null | undefined = '';
    while (next !== null) {
      const answer: Page = await page(path, { ...query, limit: String(limit), ...(next && { after: next }) });
      const found = answer[name] as Item[];
      expect(found.length, 'rows of a page').to.be.at.most(limit);
      items.push(...found);
      expect(answer.next).not.to.equal(undefined);
      next = answer.next;
    }
    return items;
  }

  it('is tried here', () => {
    const gets = appRoutes(postgres.database).filter(
      (route) => route.method === 'GET' && route.path.startsWith('/api/'),
    );
    expect(gets.map((route) => route.path).sort()).to.deep.equal(
      [...NO_LISTS, ...LISTS.map((list) => list.path)].sort(),
    );
  });

  for (const { path, name, of, filters } of LISTS) {
    describe(path, () => {
      it('has the same rows in the same order, however long its pages are, and each row once', async () => {
        for (const query of [of, ...filters.map((filter) => ({ ...of, ...filter }))]) {
          const all = await whole(path, name, query, 100);
          expect(all.length, JSON.stringify(query)).to.be.greaterThan(2);
          expect(new Set(all.map((item) => JSON.stringify(item))).size).to.equal(all.length);
          for (const limit of [1, 3]) expect(await whole(path, name, query, limit)).to.deep.equal(all);
        }
      });

      it('gives fewer rows with a filter', async () => {
        const count = async (query: Readonly<Record<string, string>>): Promise<number> =>
          (await whole(path, name, query, 100)).length;
        const everything = path === '/api/tasks' ? { ...of, status: 'all' } : of;
        for (const filter of filters.filter((one) => JSON.stringify(one) !== '{"status":"all"}'))
          expect(await count({ ...of, ...filter }), JSON.stringify(filter)).to.be.lessThan(await count(everything));
      });

      it('refuses bad values with 400', async () => {
        const strange = Buffer.from('17,tomorrow,\0').toString('base64url');
        for (const bad of [
          { limit: '0' },
          { limit: '101' },
          { limit: 'ten' },
          { limit: '-1' },
          { after: 'x' },
          { after: strange },
          { [Object.keys(of)[0] ?? '']: '0' },
          ...filters.flatMap((filter) => Object.keys(filter).map((key) => ({ [key]: '\0' }))),
        ]) {
          const answer = await ask(path, { ...of, ...bad });
          expect([answer.status, await answer.text()].join(' '), JSON.stringify(bad)).to.match(/^400 .*"bad_request"/);
        }
      });

      it('answers 304 to who has the answer already, compressed or not', async () => {
        const first = await ask(path, of);
        const etag = first.headers.get('etag') ?? '';
        expect(first.headers.get('cache-control')).to.equal('private, no-cache');
        expect((await first.text()).length).to.be.greaterThan(0);
        for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
          const again = await ask(path, of, { 'if-none-match': given });
          expect([again.status, await again.text(), again.headers.get('etag')], given).to.deep.equal([304, '', etag]);
        }
        expect((await ask(path, of, { 'if-none-match': '"other"' })).status).to.equal(200);
      });
    });
  }

  it('shifts nothing when a row comes before the page', async () => {
    const query = { wedding_id: '1', limit: '5' };
    const first = await page('/api/photos', query);
    await postgres.exec(
      `insert into photos (wedding_id, caption, content_type, bytes) values (1, 'new', 'image/gif', '')`,
    );
    const second = await page('/api/photos', { ...query, after: first.next ?? '' });
    const ids = [...(first['photos'] as Item[]), ...(second['photos'] as Item[])].map((photo) => photo['id']);
    expect(ids).to.deep.equal([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  });

  it('caches each set of parameters by itself', async () => {
    const shared = new Map<string, string>();
    const cache = new TwoLayerCache({
      shared: {
        get: (key) => Promise.resolve(shared.get(key)),
        set: (key, value) => void shared.set(key, value),
      },
      observer: { lookup: () => undefined, evicted: () => undefined },
      time,
      random: () => 0,
      stampedeProtection: true,
      maxEntries: 1_000,
      maxLength: 16_384,
      memoryTtlMs: 60_000,
      sharedTtlMs: 60_000,
    });
    await using cached = await serveApp(postgres.database, { cache });
    for (const { path, of, filters } of LISTS) {
      const queries = [of, { ...of, limit: '1' }, { ...of, limit: '2' }, ...filters.map((one) => ({ ...of, ...one }))];
      for (const query of queries) {
        const text = new URLSearchParams(query).toString();
        const direct = await (await fetch(`${app.url}${path}?${text}`)).text();
        const answers = [];
        postgres.asked.length = 0;
        for (const _ of [1, 2]) answers.push(await (await fetch(`${cached.url}${path}?${text}`)).text());
        expect(answers, `${path}?${text}`).to.deep.equal([direct, direct]);
        expect(postgres.asked.length, `statements of ${path}?${text}`).to.be.at.most(1);
      }
    }
  });

  it('answers the shipped workload with what it expects, in the form that it always had', async () => {
    const workload = parse(readFileSync(join(ROOT, 'experiments/workloads/saturday.yaml'), 'utf8')) as {
      scenarios: { endpoints: { path: string; method: string; query?: Record<string, string>; expect: string[] }[] }[];
    };
    const reads = workload.scenarios.flatMap((s) => s.endpoints).filter((endpoint) => endpoint.method === 'GET');
    expect(reads.length).to.be.greaterThan(0);
    for (const { path, query = {}, expect: fields } of reads)
      expect(await page(path, { ...query, vendor_id: '1' }), path).to.include.keys(fields);
    const numbered = await page('/api/clients', { vendor_id: '1', page: '2', per_page: '6' });
    expect(Object.keys(numbered)).to.deep.equal(['clients', 'page', 'per_page', 'total']);
    expect([(numbered['clients'] as Item[]).length, numbered['total']]).to.deep.equal([6, 20]);
    const { weddings } = await page('/api/weddings/upcoming', { vendor_id: '1' });
    expect(Object.keys((weddings as Item[])[0] ?? {})).to.deep.equal(['id', 'held_on', 'venue', 'guests', 'couple']);
  });

  it('refuses a numbered page together with a place', async () => {
    expect((await ask('/api/clients', { vendor_id: '1', page: '1', limit: '5' })).status).to.equal(400);
  });
});
