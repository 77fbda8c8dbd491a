import type { App } from '../app.ts';
import { listRead } from '../lists.ts';
import type { List } from '../lists.ts';
import { weddingOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { id, object, oneOf, text } from '../validate.ts';
import { write } from '../writes.ts';

const input = object({
  wedding_id: id,
  channel: oneOf(['email', 'sms']),
  subject: text(0, 200),
  body: text(1, 5000),
});

/** POST /api/communication/send: sends a message to the people of a wedding; the delivery is a job. */
export const sendMessage = write({
  method: 'POST',
  path: '/api/communication/send',
  status: 202,
  input,
  call: 'send_message',
  args: ({ wedding_id, channel, subject, body }) => [wedding_id, channel, subject, body],
  job: 'delivery',
  guess: () => ({ id: 0 }),
});

const LIST: List = {
  pattern: 'messages',
  name: 'messages',
  usual: 20,
  start: ['999999999999999999'],
  text: `
    select to_json(u)::text as item, u.id::text as cursor
    from (
      select m.id, m.channel, m.subject, m.body, m.sent_at
      from messages m
      where m.wedding_id = $3 and ($4 = 'all' or m.channel = $4) and m.id < $2::bigint) u
    order by u.id desc limit $1`,
};

const channel = oneOf(['all', 'email', 'sms']);

/** GET /api/communication?wedding_id&channel&limit&after: the messages to a wedding's people, the newest first. */
export const messages = (app: App): Route => ({
  method: 'GET',
  path: '/api/communication',
  async handle(request) {
    const filters = [weddingOf(request), channel(request.query.get('channel') ?? 'all', 'channel')];
    return listRead(app, request, LIST, filters);
  },
});
