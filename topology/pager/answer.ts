import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Book } from './book.ts';

/** Bytes of a request's body. */
const MOST_BYTES = 1_048_576;
const FIGURES = /^\/metrics\/([\w-]{1,100})$/;

/**
 * `POST /`: Alertmanager's webhook. `GET /deliveries?after=N`: what came after delivery N. `PUT` and `DELETE
 * /metrics/NAME`: figures in Prometheus' text format, which `GET /metrics` hands on. `GET /health`.
 */
export const answer =
  (book: Book): RequestListener =>
  (request, response) => {
    void respond(book, request, response).catch(() => response.destroy());
  };

async function respond(book: Book, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pager');
  const [, name] = FIGURES.exec(pathname) ?? [];
  const send = (status: number, body: unknown = ''): void => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' });
    response.end(text);
  };
  switch (`${request.method ?? ''} ${name === undefined ? pathname : '/metrics/NAME'}`) {
    case 'GET /health':
      return send(200, 'ok\n');
    case 'GET /deliveries': {
      const after = Number(searchParams.get('after') ?? 0);
      return Number.isInteger(after) && after >= 0
        ? send(200, { deliveries: book.after(after) })
        : send(400, 'after is a whole number\n');
    }
    case 'GET /metrics':
      return send(200, [...book.figures.values()].join(''));
    case 'PUT /metrics/NAME': {
      const text = await bodyOf(request);
      if (text === undefined) return send(413);
      // Without a line feed at its end, the next figures would be on the same line.
      book.figures.set(name ?? '', text.endsWith('\n') ? text : `${text}\n`);
      return send(204);
    }
    case 'DELETE /metrics/NAME':
      book.figures.delete(name ?? '');
      return send(204);
    case 'POST /': {
      const text = await bodyOf(request);
      if (text === undefined) return send(413);
      return send(book.deliver(parsed(text)) ? 200 : 400);
    }
    default:
      return send(404);
  }
}

/** Returns the body of a request as text. Undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
