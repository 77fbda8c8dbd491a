import { date, id, object, text } from '../validate.ts';
import { write } from '../writes.ts';

const input = object({ wedding_id: id, due_on: date, reference: text(1, 200) });

/** POST /api/invoices/generate: issues an invoice for the price of a wedding. */
export const generateInvoice = write({
  method: 'POST',
  path: '/api/invoices/generate',
  status: 201,
  input,
  call: 'generate_invoice',
  args: ({ wedding_id, due_on, reference }) => [wedding_id, due_on, reference],
  guess: () => ({ id: 0, number: 'pending' }),
});
