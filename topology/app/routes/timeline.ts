import type { App } from '../app.ts';
import { listRead } from '../lists.ts';
import type { List } from '../lists.ts';
import { weddingOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { id, instant, object, text } from '../validate.ts';
import { write } from '../writes.ts';

const input = object({ item_id: id, title: text(1, 200), starts_at: instant, note: text(0, 2000) });

/** PUT /api/timeline/update: makes a new version of a timeline item and keeps a record of each version. */
export const updateTimeline = write({
  method: 'PUT',
  path: '/api/timeline/update',
  status: 200,
  input,
  call: 'update_timeline',
  args: ({ item_id, title, starts_at, note }) => [item_id, title, starts_at, note],
  guess: ({ item_id }) => ({ id: item_id, version: 0 }),
});

const LIST: List = {
  pattern: 'timeline',
  name: 'items',
  usual: 20,
  start: ['0', '-infinity'],
  key: instant,
  text: `
    select to_json(u)::text as item, u.id || ',' || (to_json(u.starts_at) #>> '{}') as cursor
    from (
      select i.id, i.title, i.starts_at, i.note, i.version, i.updated_at
      from timeline_items i
      where i.wedding_id = $4 and (i.starts_at, i.id) > ($3::timestamptz, $2::bigint)) u
    order by u.starts_at, u.id limit $1`,
};

/** GET /api/timeline?wedding_id&limit&after: the items of a wedding's day in their order. */
export const timeline = (app: App): Route => ({
  method: 'GET',
  path: '/api/timeline',
  async handle(request) {
    return listRead(app, request, LIST, [weddingOf(request)]);
  },
});
