import type { Random } from '../../../harness/core/random.ts';
import { damaged, noise, one, whole } from './choose.ts';

/** Targets that programs get wrong: URL parsers refuse them, resolve them, or take a part of them for a host. */
const KNOWN: readonly [string, ...string[]] = [
  '//',
  '///',
  '//[',
  '//[::1',
  '//:',
  '//a:b',
  '//a:99999/',
  '/\\',
  '\\',
  '*',
  '?',
  '#',
  '/?',
  '/#',
  ':',
  'a',
  'a:b',
  'http:',
  'http://',
  'http://[',
  'http://a:99999/',
  'http://%/',
  'http://wedsync//',
  'https://wedsync/api/dashboard?vendor_id=1',
  'javascript:alert(1)',
  'wedsync:80',
  '/%',
  '/%0',
  '/%00',
  '/%ff%fe',
  '/%2e%2e/%2e%2e',
  '/../../etc/passwd',
  '/./api/./dashboard',
  '/photos/',
  '/photos//',
  '/photos/1/',
  '/photos/-1',
  '/photos/1e3',
  '/photos/%31',
  '/photos/__proto__',
  '/__proto__',
  '/constructor',
  '/api/dashboard?vendor_id',
  '/api/dashboard?vendor_id=1&vendor_id=2',
  '/api/dashboard?vendor_id=%00',
  '/api/dashboard?vendor_id=%ED%A0%80',
  '/api/dashboard?=&=&&==',
  '/api/clients?vendor_id=1&q=%00',
  '/api/clients?vendor_id=1&q=%ff%ed%a0%80',
  '/api/clients?vendor_id=1&q=%25%27%22%5c%5f',
  '/api/clients?vendor_id=1&page=10000&per_page=100',
  `/photos/${'9'.repeat(300)}`,
  `/${'a'.repeat(8_000)}`,
  `/?${'a=1&'.repeat(2_000)}`,
];

const GOOD: readonly [string, ...string[]] = [
  '/api/dashboard?vendor_id=7',
  '/api/clients?vendor_id=7&page=2&per_page=20&q=an',
  '/api/weddings/upcoming?vendor_id=7&limit=10',
  '/api/clients?vendor_id=7&limit=5&after=MTcsQW1lbGlh',
  '/api/tasks?vendor_id=7&status=all&due_by=2027-06-05&limit=5',
  '/api/timeline?wedding_id=7&after=MTcsMjAyNy0wNi0wNVQxMjowMDowMFo',
  '/api/photos?wedding_id=7&after=MTc',
  '/api/communication?wedding_id=7&channel=sms',
  '/photos/17',
  '/photos/17?v=1798891200000000',
  '/assets/app.css',
  '/assets/app.0123456789abcdef.css',
  '/health',
  '/metrics',
  '/api/forms/submit',
];

/** Returns a request target, which is odd in most cases. */
export function oddTarget(random: Random): string {
  const kind = whole(random, 0, 9);
  if (kind < 4) return one(random, KNOWN);
  if (kind < 7) return damaged(random, one(random, GOOD));
  if (kind < 8) return `/${noise(random, 60, true)}`;
  return kind < 9 ? noise(random, 60, random() < 0.7) : one(random, GOOD);
}
