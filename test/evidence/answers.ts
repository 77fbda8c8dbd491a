import { readFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { minified } from '../../topology/app/minify.ts';
import { ROOT, TEST_ENV } from '../helpers/chaos.ts';
import { row } from './figures.ts';

/** One answer of the edge. */
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** All bytes of the answer on the wire, its headers included. */
  readonly bytes: number;
}

interface Measured {
  readonly path: string;
  readonly plain: Answer;
  readonly compressed: Answer;
  readonly known: Answer;
}

/** Asks over a connection of its own. */
function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const url = `http://127.0.0.1:${TEST_ENV['CHAOS_HTTP_PORT']}${path}`;
  get(url, { agent: false, headers, timeout: 10_000 }, (response) => {
    const chunks: Buffer[] = [];
    const { socket } = response;
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const { statusCode: status = 0, headers: given } = response;
      resolve({ status, headers: given, body: Buffer.concat(chunks), bytes: socket.bytesRead });
    });
  }).on('error', reject);
  return promise;
}

async function measureOne(path: string): Promise<Measured> {
  const plain = await ask(path);
  const compressed = await ask(path, { 'accept-encoding': 'gzip' });
  const { etag = '' } = compressed.headers;
  const known = await ask(path, { 'accept-encoding': 'gzip', 'if-none-match': etag });
  const zipped = compressed.headers['content-encoding'] === 'gzip';
  const same = zipped ? gunzipSync(compressed.body).equals(plain.body) : compressed.body.equals(plain.body);
  if (plain.status !== 200 || !same || known.status !== 304)
    throw new Error(`${path}: ${plain.status}, ${compressed.status}, ${known.status}, the same content: ${same}`);
  return { path, plain, compressed, known };
}

async function addresses(): Promise<readonly string[]> {
  const manifest = JSON.parse((await ask('/assets/manifest.json')).body.toString()) as Readonly<Record<string, string>>;
  const { photos } = JSON.parse((await ask('/api/photos?wedding_id=7')).body.toString()) as {
    photos: readonly { readonly url: string }[];
  };
  return [manifest['app.css'] ?? '', '/assets/app.css', photos[0]?.url ?? '', '/photos/7'];
}

/** Asks the edge for one of each kind of answer: plainly, compressed, and with the ETag of the answer before. */
export async function measureAnswers(): Promise<readonly Measured[]> {
  const paths = [
    '/api/dashboard?vendor_id=7',
    '/api/clients?vendor_id=7&page=1&per_page=20',
    '/api/weddings/upcoming?vendor_id=7',
    '/api/tasks?vendor_id=7&status=all&limit=100',
    '/api/timeline?wedding_id=7',
    '/api/photos?wedding_id=7',
    ...(await addresses()),
  ];
  const measured: Measured[] = [];
  for (const path of paths) measured.push(await measureOne(path));
  return measured;
}

const STYLE = readFileSync(join(ROOT, 'topology/app/assets/app.css'), 'utf8');

export const answerTable = (answers: readonly Measured[]): string =>
  [
    `Bytes of a whole answer of the edge, its headers included. The style sheet has ${STYLE.length} bytes, and ${minified(STYLE).length} when it is minified.`,
    '',
    row('address', 'plain', 'to a client that takes gzip', 'known already (304)', 'cache-control'),
    row('---', '---:', '---:', '---:', '---'),
    ...answers.map(({ path, plain, compressed, known }) =>
      row(
        path,
        String(plain.bytes),
        `${compressed.bytes}${compressed.headers['content-encoding'] === 'gzip' ? '' : ', not compressed'}`,
        String(known.bytes),
        plain.headers['cache-control'] ?? '–',
      ),
    ),
  ].join('\n');
