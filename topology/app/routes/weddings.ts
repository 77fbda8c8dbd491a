import type { App } from '../app.ts';
import { listRead } from '../lists.ts';
import type { List } from '../lists.ts';
import { vendorOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { date } from '../validate.ts';

const LIST: List = {
  pattern: 'upcoming',
  name: 'weddings',
  usual: 10,
  start: ['0', '-infinity'],
  key: date,
  text: `
    select to_json(u)::text as item, u.id || ',' || u.held_on as cursor
    from (
      select w.id, w.held_on, w.venue, w.guests, c.name as couple
      from weddings w join couples c on c.id = w.couple_id
      where w.vendor_id = $4 and w.held_on between $5 and $6 and (w.held_on, w.id) > ($3::date, $2::bigint)) u
    order by u.held_on, u.id limit $1`,
};

/** GET /api/weddings/upcoming?vendor_id&until&limit&after: the vendor's next weddings by date, up to a day. */
export const upcomingWeddings = (app: App): Route => ({
  method: 'GET',
  path: '/api/weddings/upcoming',
  async handle(request) {
    const until = request.query.get('until');
    const to = until === null ? 'infinity' : date(until, 'until');
    return listRead(app, request, LIST, [vendorOf(request), app.config.today, to]);
  },
});
