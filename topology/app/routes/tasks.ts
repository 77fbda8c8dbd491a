import { id, object, text } from '../validate.ts';
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
