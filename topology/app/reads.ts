import type { App } from './app.ts';
import type { Pattern } from './cache.ts';
import { etagOf, unlessKnown } from './conditional.ts';
import { notFound } from './errors.ts';
import { integerOf, MAX_ID } from './validate.ts';
import type { ApiRequest, Reply } from './router.ts';

/** Returns the vendor_id of the query string. */
export const vendorOf = (request: ApiRequest): number => idOf(request, 'vendor_id');

/** Returns the wedding_id of the query string. */
export const weddingOf = (request: ApiRequest): number => idOf(request, 'wedding_id');

const idOf = ({ query }: ApiRequest, name: string): number => integerOf(query.get(name), name, 1, MAX_ID);

export interface Statement {
  /** Name of the prepared statement, too. */
  readonly pattern: Pattern;
  readonly text: string;
  /** Everything that the answer depends on, apart from the data: the cache's key is made of them. */
  readonly values: unknown[];
}

/**
 * Returns a 200 with the JSON that `load` makes, or a 304. Both layers of the cache keep the JSON as text; it is never
 * parsed here. Browsers ask each time whether it has changed, so an answer is never older than the two layers allow.
 */
export async function cachedJson(
  app: App,
  request: ApiRequest,
  { pattern, values }: Pick<Statement, 'pattern' | 'values'>,
  load: () => Promise<string>,
): Promise<Reply> {
  const body = await (app.cache ? app.cache.get(pattern, JSON.stringify(values), load) : load());
  const headers = { 'cache-control': 'private, no-cache' };
  return unlessKnown(request.headers, etagOf(body), { status: 200, body, headers });
}

/** For a statement that returns one row with `body`: the answer's JSON as text, or null when there is nothing. */
export const cachedRead = (app: App, request: ApiRequest, statement: Statement): Promise<Reply> =>
  cachedJson(app, request, statement, async () => {
    const { pattern: name, text, values } = statement;
    const [row] = await app.db.read<{ body: string | null }>({ name, text, values }, request.deadline);
    if (!row?.body) throw notFound('There is no such vendor.');
    return row.body;
  });
