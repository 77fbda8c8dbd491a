import type { App } from '../app.ts';
import { cachedRead, vendorOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { integerOf, text } from '../validate.ts';

const SQL = `
  with matching as (
    select c.id, c.name, c.email, w.id as wedding_id, w.held_on, w.venue
    from weddings w join couples c on c.id = w.couple_id
    where w.vendor_id = $1 and strpos(lower(c.name), lower($2)) > 0)
  select json_build_object(
    'clients', coalesce((
      select json_agg(p) from (select * from matching order by name, id limit $4 offset ($3::int - 1) * $4::int) p), '[]'),
    'page', $3::int, 'per_page', $4::int,
    'total', (select count(*) from matching))::text as body`;

const search = text(0, 50);

/** GET /api/clients?vendor_id&page&per_page&q: a page of the vendor's couples by name; q is a part of the name. */
export const clients = (app: App): Route => ({
  method: 'GET',
  path: '/api/clients',
  async handle(request) {
    const vendor = vendorOf(request);
    const page = integerOf(request.query.get('page'), 'page', 1, 10_000, 1);
    const perPage = integerOf(request.query.get('per_page'), 'per_page', 1, 100, 20);
    const q = search(request.query.get('q') ?? '', 'q').toLowerCase();
    const id = `${vendor}:${page}:${perPage}:${q}`;
    const values = [vendor, q, page, perPage];
    return cachedRead(app, { pattern: 'clients', id, text: SQL, values, deadline: request.deadline });
  },
});
