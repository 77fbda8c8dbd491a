import type { Protocol } from '../core/kinds/protocol.ts';

const FULL = 'ERROR Too many open connections';
/** How an answer of memcached begins. CLIENT_ERROR: "log in first" is an answer too. */
const ANSWERS = ['VERSION ', 'ERROR\r', 'CLIENT_ERROR '];

const memcached: Protocol = {
  name: 'memcached',
  summary: 'Memcached in its text protocol: version.',
  greeting: () => Buffer.from('version\r\n'),
  answer(got) {
    const text = got.toString('latin1');
    const line = text.split('\n', 1)[0] ?? '';
    const begins = (start: string): boolean => start.startsWith(line.slice(0, start.length));
    if (![FULL, ...ANSWERS].some(begins)) return { refused: 'not memcached' };
    if (!text.includes('\n')) return undefined;
    return line.startsWith(FULL) ? { refused: 'too many clients' } : 'whole';
  },
  // Tried with memcached 1.6.18: it keeps an idle connection for ever, counts nothing against a client, and writes each
  // question into its log only with -vv.
  again: (got) => got.includes('\n'),
};
export default memcached;
