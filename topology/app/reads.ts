import type { App } from './app.ts';
import type { Pattern } from './cache.ts';
import { notFound } from './errors.ts';
import { integerOf, MAX_ID } from './validate.ts';
import type { ApiRequest, Reply } from './router.ts';
import type { Deadline } from './time.ts';

/** Returns the vendor_id of the query string. */
export const vendorOf = (request: ApiRequest): number =>
  integerOf(request.query.get('vendor_id'), 'vendor_id', 1, MAX_ID);

export interface CachedRead {
  readonly pattern: Pattern;
  /** Everything that the answer depends on, apart from the data. */
  readonly id: string;
  /** A statement that returns one row with `body`: the answer's JSON as text, or null when there is nothing. */
  readonly text: string;
  readonly values: unknown[];
  readonly deadline: Deadline;
}

/** Returns a 200 with JSON that PostgreSQL made. Both layers of the cache keep it as text; it is never parsed here. */
export async function cachedRead(app: App, { pattern, id, text, values, deadline }: CachedRead): Promise<Reply> {
  const load = async (): Promise<string> => {
    const [row] = await app.db.read<{ body: string | null }>({ name: pattern, text, values }, deadline);
    if (!row?.body) throw notFound('There is no such vendor.');
    return row.body;
  };
  return { status: 200, body: await (app.cache ? app.cache.get(pattern, id, load) : load()) };
}
