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
