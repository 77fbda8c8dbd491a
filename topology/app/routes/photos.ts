import type { App } from '../app.ts';
import { notFound } from '../errors.ts';
import type { Route } from '../router.ts';
import { base64, id, integerOf, object, oneOf, text } from '../validate.ts';
import { write } from '../writes.ts';

const MAX_PHOTO_BYTES = 256 * 1024;
const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/heic', 'image/bmp'] as const;

const input = object({
  wedding_id: id,
  caption: text(0, 500),
  content_type: oneOf(TYPES),
  data: base64(MAX_PHOTO_BYTES),
});

/** POST /api/photos/upload: stores a photo; its thumbnail is a job. */
export const uploadPhoto = write({
  method: 'POST',
  path: '/api/photos/upload',
  status: 202,
  input,
  call: 'upload_photo',
  args: ({ wedding_id, caption, content_type, data }) => [wedding_id, caption, content_type, data],
  job: 'thumbnail',
  guess: () => ({ id: 0 }),
});

const SQL = 'select content_type, bytes from photos where id = $1';

/**
 * GET /photos/:id: the photo's bytes. A photo never changes, but a reset may give its id to another photo. So caches
 * keep it for one minute only.
 */
export const showPhoto = ({ db }: App): Route => ({
  method: 'GET',
  path: '/photos/:id',
  async handle({ params, headers, deadline }) {
    const photoId = integerOf(params['id'], 'id', 1, Number.MAX_SAFE_INTEGER);
    const etag = `"photo-${photoId}"`;
    const query = { name: 'photo', text: SQL, values: [photoId] };
    const [photo] = await db.read<{ content_type: string; bytes: Buffer }>(query, deadline);
    if (!photo) throw notFound('There is no such photo.');
    const caching = { 'cache-control': 'public, max-age=60', etag };
    if (headers['if-none-match'] === etag) return { status: 304, body: '', headers: caching };
    return { status: 200, body: photo.bytes, headers: { ...caching, 'content-type': photo.content_type } };
  },
});
