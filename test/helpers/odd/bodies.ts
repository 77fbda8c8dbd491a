import type { Random } from '../../../harness/core/random.ts';
import { damaged, noise, one, whole } from './choose.ts';

/** The writes of the app, each with a body that it takes. */
export const WRITES: readonly [Write, ...Write[]] = [
  {
    line: ['POST', '/api/forms/submit'],
    body: { form_id: 1, couple_id: 1, answers: { guests: 80, dietary: 'none', note: 'odd' } },
  },
  {
    line: ['POST', '/api/photos/upload'],
    body: { wedding_id: 1, caption: 'odd', content_type: 'image/png', data: 'AAAA' },
  },
  {
    line: ['PUT', '/api/timeline/update'],
    body: { item_id: 1, title: 'odd', starts_at: '2027-06-05T13:00:00Z', note: 'odd' },
  },
  { line: ['POST', '/api/communication/send'], body: { wedding_id: 1, channel: 'sms', subject: 'odd', body: 'odd' } },
  { line: ['PUT', '/api/tasks/complete'], body: { task_id: 1, completed_by: 'odd', note: 'odd' } },
  {
    line: ['POST', '/api/payments/process'],
    body: { wedding_id: 1, amount_pence: 100, currency: 'GBP', reference: 'odd' },
  },
  { line: ['POST', '/api/invoices/generate'], body: { wedding_id: 1, due_on: '2027-06-05', reference: 'odd' } },
];

export interface Write {
  readonly line: readonly [method: string, path: string];
  readonly body: Readonly<Record<string, unknown>>;
}

/** JSON, as text, of values that validation forgets. */
const VALUES: readonly [string, ...string[]] = [
  'null',
  'true',
  '-0',
  '1.5',
  '1e999',
  '-1',
  '2147483647',
  '2147483648',
  '9007199254740993',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\u00ff\u00fe"',
  '"2999-12-31"',
  '"2027-02-30"',
  '"2027-06-05T24:00:00+23:59"',
  '"2999-12-31T23:59:59.999999-18:00"',
  '[]',
  '{}',
  '{"__proto__":{"polluted":1}}',
  '{"toString":1,"constructor":{"prototype":1}}',
  `"${'x'.repeat(5_000)}"`,
  `"${"'; drop table photos; --".repeat(8)}"`,
];

/** Whole bodies that are no object, or hardly one. */
const WHOLE: readonly [string, ...string[]] = [
  '',
  ' ',
  '{',
  '{"a":}',
  '[1,2',
  'null',
  '"',
  'NaN',
  '\u00ef\u00bb\u00bf{}',
  '\u00ff\u00fe{\0}\0',
  '{"a":1}{"b":2}',
  '['.repeat(200_000),
  `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`,
  `"${'x'.repeat(600_000)}"`,
];

const text = (value: unknown): string => JSON.stringify(value);

/** Returns the bytes of a body for a write: odd in a member, deep in an unknown member, damaged, or no JSON at all. */
export function oddBody(random: Random, { body }: Write): string {
  const kind = whole(random, 0, 9);
  if (kind < 1) return text(body);
  if (kind < 2) return damaged(random, text(body));
  if (kind < 3) return one(random, WHOLE);
  if (kind < 4) return noise(random, 200, false);
  if (kind < 5) return `{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},${text(body).slice(1)}`;
  const odd = one(random, Object.keys(body) as [string, ...string[]]);
  const members = Object.entries(body).map(
    ([name, value]) => `${text(name)}:${name === odd ? one(random, VALUES) : text(value)}`,
  );
  return `{${members.join(',')}}`;
}
