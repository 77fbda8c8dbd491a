import type { App } from '../app.ts';
import { listRead } from '../lists.ts';
import type { List } from '../lists.ts';
import { vendorOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { date, id, object, oneOf, text } from '../validate.ts';
import { write } from '../writes.ts';

const input = object({ task_id: id, completed_by: text(1, 200), note: text(0, 2000) });

/** PUT /api/tasks/complete: marks a task as done and keeps a record of each completion. */
export const completeTask = write({
  method: 'PUT',
  path: '/api/tasks/complete',
  status: 200,
  input,
  call: 'complete_task',
  args: ({ task_id, completed_by, note }) => [task_id, completed_by, note],
  guess: ({ task_id }) => ({ id: task_id, version: 0 }),
});

const LIST: List = {
  pattern: 'tasks',
  name: 'tasks',
  usual: 20,
  start: ['0', '-infinity'],
  key: date,
  text: `
    select to_json(u)::text as item, u.id || ',' || u.due_on as cursor
    from (
      select t.id, t.wedding_id, t.title, t.due_on, t.completed_by, t.completed_at, t.version
      from weddings w join tasks t on t.wedding_id = w.id
      where w.vendor_id = $4 and t.due_on <= $5 and ($6 = 'all' or (t.completed_at is null) = ($6 = 'open'))
        and (t.due_on, t.id) > ($3::date, $2::bigint)) u
    order by u.due_on, u.id limit $1`,
};

const status = oneOf(['open', 'done', 'all']);

/** GET /api/tasks?vendor_id&status&due_by&limit&after: the tasks of all weddings of a vendor, the most urgent first. */
export const listTasks = (app: App): Route => ({
  method: 'GET',
  path: '/api/tasks',
  async handle(request) {
    const { query } = request;
    const dueBy = query.get('due_by');
    const filters = [
      vendorOf(request),
      dueBy === null ? 'infinity' : date(dueBy, 'due_by'),
      status(query.get('status') ?? 'open', 'status'),
    ];
    return listRead(app, request, LIST, filters);
  },
});
