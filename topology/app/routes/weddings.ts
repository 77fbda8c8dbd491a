import type { App } from '../app.ts';
import { cachedRead, vendorOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { integerOf } from '../validate.ts';

const SQL = `
  select json_build_object('weddings', coalesce(json_agg(u), '[]'))::text as body from (
    select w.id, w.held_on, w.venue, w.guests, c.name as couple
    from weddings w join couples c on c.id = w.couple_id
    where w.vendor_id = $1 and w.held_on >= $2
    order by w.held_on, w.id limit $3) u`;

/** GET /api/weddings/upcoming?vendor_id&limit: the vendor's next weddings. */
export const upcomingWeddings = (app: App): Route => ({
  method: 'GET',
  path: '/api/weddings/upcoming',
  async handle(request) {
    const vendor = vendorOf(request);
    const limit = integerOf(request.query.get('limit'), 'limit', 1, 100, 10);
    const values = [vendor, app.config.today, limit];
    return cachedRead(app, {
      pattern: 'upcoming',
      id: `${vendor}:${limit}`,
      text: SQL,
      values,
      deadline: request.deadline,
    });
  },
});
