import type { App } from '../app.ts';
import { badRequest } from '../errors.ts';
import { listRead } from '../lists.ts';
import type { List } from '../lists.ts';
import { cachedRead, vendorOf } from '../reads.ts';
import type { ApiRequest, Reply, Route } from '../router.ts';
import { integerOf, text } from '../validate.ts';

/** A numbered page. `total` needs all clients of the vendor, so every page costs the same. */
const NUMBERED = `
  with matching as (
    select c.id, c.name, c.email, w.id as wedding_id, w.held_on, w.venue
    from weddings w join couples c on c.id = w.couple_id
    where w.vendor_id = $1 and strpos(lower(c.name), lower($2)) > 0)
  select json_build_object(
    'clients', coalesce((
      select json_agg(p) from (select * from matching order by name, id limit $4 offset ($3::int - 1) * $4::int) p), '[]'),
    'page', $3::int, 'per_page', $4::int,
    'total', (select count(*) from matching))::text as body`;

const name = text(0, 200);

const LIST: List = {
  pattern: 'clients_after',
  name: 'clients',
  usual: 20,
  start: ['0', ''],
  key: name,
  text: `
    select to_json(u)::text as item, u.wedding_id || ',' || u.name as cursor
    from (
      select c.id, c.name, c.email, w.id as wedding_id, w.held_on, w.venue
      from weddings w join couples c on c.id = w.couple_id
      where w.vendor_id = $4 and strpos(lower(c.name), lower($5)) > 0 and (c.name, w.id) > ($3::text, $2::bigint)) u
    order by u.name, u.wedding_id limit $1`,
};

const search = text(0, 50);
const NUMBERS = ['page', 'per_page'];
const PLACES = ['limit', 'after'];

/**
 * GET /api/clients?vendor_id&q: the vendor's couples by name; q is a part of the name. page&per_page: a numbered page,
 * with the total. limit&after: a page after another, without the total.
 */
export const clients = (app: App): Route => ({
  method: 'GET',
  path: '/api/clients',
  async handle(request) {
    const vendor = vendorOf(request);
    const q = search(request.query.get('q') ?? '', 'q').toLowerCase();
    const has = (parameter: string): boolean => request.query.has(parameter);
    if (!PLACES.some(has)) return numbered(app, request, vendor, q);
    if (NUMBERS.some(has)) throw badRequest('Write either page and per_page, or limit and after.');
    return listRead(app, request, LIST, [vendor, q]);
  },
});

function numbered(app: App, request: ApiRequest, vendor: number, q: string): Promise<Reply> {
  const page = integerOf(request.query.get('page'), 'page', 1, 10_000, 1);
  const perPage = integerOf(request.query.get('per_page'), 'per_page', 1, 100, 20);
  return cachedRead(app, request, { pattern: 'clients', text: NUMBERED, values: [vendor, q, page, perPage] });
}
