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
