import type { App } from '../app.ts';
import { listRead } from '../lists.ts';
import type { List } from '../lists.ts';
import { weddingOf } from '../reads.ts';
import type { Route } from '../router.ts';
import { base64, id, object, oneOf, text } from '../validate.ts';
import { write } from '../writes.ts';
import { PHOTO_VERSION } from './photo.ts';

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

const LIST: List = {
  pattern: 'photos',
  name: 'photos',
  usual: 20,
  start: ['999999999999999999'],
  text: `
    select to_json(u)::text as item, u.id::text as cursor
    from (
      select p.id, p.caption, p.content_type, octet_length(p.bytes) as bytes, p.uploaded_at,
        '/photos/' || p.id || '?v=' || ${PHOTO_VERSION} as url
      from photos p
      where p.wedding_id = $3 and p.id < $2::bigint) u
    order by u.id desc limit $1`,
};

/**
 * GET /api/photos?wedding_id&limit&after: what is known of a wedding's photos, the newest first. The bytes of a photo
 * are at its own address, so a page loads only those photos that a person sees.
 */
export const listPhotos = (app: App): Route => ({
  method: 'GET',
  path: '/api/photos',
  async handle(request) {
    return listRead(app, request, LIST, [weddingOf(request)]);
  },
});
