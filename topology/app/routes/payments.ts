import { id, int, object, oneOf, text } from '../validate.ts';
import { write } from '../writes.ts';

const input = object({
  wedding_id: id,
  amount_pence: int(1, 100_000_000),
  currency: oneOf(['GBP']),
  reference: text(1, 200),
});

/** POST /api/payments/process: books a payment. */
export const processPayment = write({
  method: 'POST',
  path: '/api/payments/process',
  status: 201,
  input,
  call: 'process_payment',
  args: ({ wedding_id, amount_pence, currency, reference }) => [wedding_id, amount_pence, currency, reference],
  guess: () => ({ id: 0 }),
});
