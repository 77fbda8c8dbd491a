import { id, int, object, text } from '../validate.ts';
import { write } from '../writes.ts';

const input = object({
  form_id: id,
  couple_id: id,
  answers: object({ guests: int(0, 10_000), dietary: text(0, 500), note: text(0, 2000) }),
});

/** POST /api/forms/submit: stores a couple's answers to one of its forms. */
export const submitForm = write({
  method: 'POST',
  path: '/api/forms/submit',
  status: 201,
  input,
  call: 'submit_form',
  args: ({ form_id, couple_id, answers }) => [form_id, couple_id, JSON.stringify(answers)],
  guess: () => ({ id: 0 }),
});
