import type { App } from './app.ts';
import type { Pattern } from './cache.ts';
import { badRequest } from './errors.ts';
import { cachedJson } from './reads.ts';
import type { ApiRequest, Reply } from './router.ts';
import { integerOf } from './validate.ts';
import type { Rule } from './validate.ts';

/**
 * A list of which a client reads one page after another. A page begins after a row, and not at a number of rows: so it
 * costs the same however far it is from the beginning, and a row that is added or removed meanwhile shifts nothing.
 */
export interface List {
  readonly pattern: Pattern;
  /** The list's name in the answer. */
  readonly name: string;
  /** The number of rows when the client says nothing. */
  readonly usual: number;
  /**
   * Returns rows of `item` (JSON) and `cursor` (the row's place in the order), at most $1. They come after the place
   * $2, which is the id of a row, or $2 and $3, which are the id and what else the list is ordered by. The filters
   * follow.
   */
  readonly text: string;
  /** The place before the first row. */
  readonly start: readonly [id: string] | readonly [id: string, key: string];
  /** What else than the id the list is ordered by. */
  readonly key?: Rule<string>;
}

const MOST = 100;
const PLACE = /^(\d{1,18})(?:,(.*))?$/s;

/** GET ...&limit&after: `next` of an answer is the `after` of the next page, and null on the last page. */
export async function listRead(app: App, request: ApiRequest, list: List, filters: readonly unknown[]): Promise<Reply> {
  const { pattern, name, text } = list;
  const limit = integerOf(request.query.get('limit'), 'limit', 1, MOST, list.usual);
  // One row more tells whether there is a next page.
  const values = [limit + 1, ...placeOf(request, list), ...filters];
  return cachedJson(app, request, { pattern, values }, async () => {
    const query = { name: pattern, text, values };
    const rows = await app.db.read<{ item: string; cursor: string }>(query, request.deadline);
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? `"${Buffer.from(page.at(-1)?.cursor ?? '').toString('base64url')}"` : 'null';
    return `{"${name}":[${page.map(({ item }) => item).join(',')}],"next":${next}}`;
  });
}

/**
 * Reads `after`: "17", or "17,2027-06-05" when the list is ordered by more than ids. It comes in base64url, so that no
 * client need percent-encode it.
 */
function placeOf({ query }: ApiRequest, { start, key }: List): readonly string[] {
  const after = query.get('after');
  if (after === null || after === '') return start;
  const [, id, rest] = PLACE.exec(Buffer.from(after, 'base64url').toString()) ?? [];
  if (id === undefined || (rest === undefined) !== (key === undefined))
    throw badRequest('after: the `next` of another answer.');
  return key === undefined ? [id] : [id, key(rest, 'after')];
}
