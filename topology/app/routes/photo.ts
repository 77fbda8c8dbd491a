import type { App } from '../app.ts';
import { IMMUTABLE } from '../conditional.ts';
import { notFound } from '../errors.ts';
import type { Route } from '../router.ts';
import { integerOf } from '../validate.ts';

/** SQL for what tells one photo of an id from another: the microsecond of its upload. */
export const PHOTO_VERSION = '(extract(epoch from uploaded_at) * 1000000)::bigint::text';

/** The bytes stay where they are when the client has this version ($2) already. */
const SQL = `
  select content_type, version, case when version is distinct from $2 then bytes end as bytes
  from (select content_type, bytes, ${PHOTO_VERSION} as version from photos where id = $1) p`;

interface Photo {
  readonly content_type: string;
  readonly version: string;
  readonly bytes: Buffer | null;
}

/**
 * GET /photos/:id?v: the photo's bytes. A photo never changes, but a reset may give its id to another photo. So caches
 * keep it for a minute without its version, and for a year with it. The list of photos has addresses with versions.
 */
export const showPhoto = ({ db }: App): Route => ({
  method: 'GET',
  path: '/photos/:id',
  async handle({ params, query, headers, deadline }) {
    const photoId = integerOf(params['id'], 'id', 1, Number.MAX_SAFE_INTEGER);
    const known = new RegExp(`"photo-${photoId}-(\\d+)"`).exec(headers['if-none-match'] ?? '')?.[1] ?? null;
    const statement = { name: 'photo', text: SQL, values: [photoId, known] };
    const [photo] = await db.read<Photo & Record<string, unknown>>(statement, deadline);
    const wanted = query.get('v');
    if (!photo || (wanted ?? photo.version) !== photo.version) throw notFound('There is no such photo.');
    const answer = {
      'cache-control': wanted === null ? 'public, max-age=60' : IMMUTABLE,
      'content-type': photo.content_type,
      etag: `"photo-${photoId}-${photo.version}"`,
    };
    return { status: photo.bytes ? 200 : 304, body: photo.bytes ?? '', headers: answer };
  },
});
