import type { App } from '../app.ts';
import { cachedRead, vendorOf } from '../reads.ts';
import type { Route } from '../router.ts';

const SQL = `
  with own as (select id, couple_id, held_on, venue, guests from weddings where vendor_id = $1)
  select json_build_object(
    'vendor', json_build_object('id', v.id, 'name', v.name, 'category', v.category, 'region', v.region),
    'counts', json_build_object(
      'weddings', (select count(*) from own),
      'upcoming', (select count(*) from own where held_on >= $2),
      'open_tasks', (select count(*) from tasks t join own on own.id = t.wedding_id where t.completed_at is null),
      'submitted_forms', (select count(*) from form_submissions f join own on own.couple_id = f.couple_id),
      'photos', (select count(*) from photos p join own on own.id = p.wedding_id)),
    'upcoming', coalesce((
      select json_agg(u) from (
        select own.id, own.held_on, own.venue, own.guests, c.name as couple
        from own join couples c on c.id = own.couple_id
        where own.held_on >= $2 order by own.held_on, own.id limit 5) u), '[]'))::text as body
  from vendors v where v.id = $1`;

/** GET /api/dashboard?vendor_id: the vendor, its counts (open tasks among them) and its next five weddings. */
export const dashboard = (app: App): Route => ({
  method: 'GET',
  path: '/api/dashboard',
  handle(request) {
    const vendor = vendorOf(request);
    const values = [vendor, app.config.today];
    return cachedRead(app, request, { pattern: 'dashboard', text: SQL, values });
  },
});
