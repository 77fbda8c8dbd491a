import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApiError, badRequest, unavailable } from './errors.ts';
import type { Log } from './log.ts';
import type { HttpMetrics } from './metrics.ts';
import { json, Router } from './router.ts';
import type { ApiRequest, Match, Reply, Route } from './router.ts';
import { readTarget } from './target.ts';
import { Deadline, TIMED_OUT, within } from './time.ts';
import type { Time } from './time.ts';

export interface HttpOptions {
  readonly routes: readonly Route[];
  readonly metrics: HttpMetrics;
  readonly log: Log;
  readonly time: Time;
  /** Milliseconds that a whole request may take. */
  readonly requestMs: number;
  readonly draining: () => boolean;
}

const MAX_BODY_BYTES = 512 * 1024;
/** A request beyond this number would only wait for its deadline. It gets 503 at once instead. */
const MAX_IN_FLIGHT = 500;
/** Longer than the balancer keeps an idle connection, so that the balancer always closes it first. */
const KEEP_ALIVE_MS = 75_000;
/** Paths for operators. They are served even when too many requests are in flight. */
const ALWAYS_SERVED = new Set(['/health', '/ready', '/metrics']);

/** A server that knows how many requests it is serving. */
export type HttpServer = Server & { readonly inFlight: () => number };

export function createHttpServer(options: HttpOptions): HttpServer {
  const router = new Router(options.routes);
  let inFlight = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = options.time.now();
    const { path, query } = readTarget(request.url ?? '/');
    const given = givenId(request);
    const id = given ?? randomUUID();
    const method = request.method ?? 'GET';
    // The address that the caller dialled. It is read now, because a closed socket no longer knows it.
    const { localAddress, localPort } = request.socket;
    const match = router.find(method, path);
    inFlight += 1;
    options.metrics.inFlight.set(inFlight);
    let reply: Reply;
    try {
      if (inFlight > MAX_IN_FLIGHT && !ALWAYS_SERVED.has(path))
        throw unavailable('overloaded', 'Too many requests at once.');
      reply = await answer(match, request, path, query);
    } catch (error) {
      reply = refusal(error, (unexpected) => options.log('error', 'unexpected error', { id, path, error: unexpected }));
    }
    const route = match.route?.path ?? 'unmatched';
    try {
      // The line is written before the answer, and at once: a process that is killed has logged all that it answered.
      // (Gathering lines would not be cheaper: the timer costs what the writes save.) A request without an id, as an
      // operator sends it, is not logged.
      if (given !== undefined) {
        const address = `${localAddress?.replace('::ffff:', '') ?? ''}:${localPort ?? ''}`;
        const ms = Math.round(options.time.now() - started);
        options.log('info', 'answered', { request_id: id, method, route, status: reply.status, ms, address });
      }
      send(request, response, reply, { 'x-request-id': id, ...(options.draining() && { connection: 'close' }) });
    } finally {
      inFlight -= 1;
      options.metrics.inFlight.set(inFlight);
      options.metrics.requests.inc({ method, route, status: reply.status });
      options.metrics.duration.observe({ method, route }, (options.time.now() - started) / 1000);
    }
  }

  async function answer(match: Match, request: IncomingMessage, path: string, query: URLSearchParams): Promise<Reply> {
    if (!match.route) {
      if (match.allowed.length === 0) throw new ApiError(404, 'not_found', 'There is nothing at this address.');
      throw new ApiError(405, 'method_not_allowed', `Use ${match.allowed.join(' or ')}.`);
    }
    const deadline = new Deadline(options.time, options.requestMs);
    const body = match.route.method === 'GET' ? undefined : await readJson(request, deadline, options.time);
    const given: ApiRequest = { path, params: match.params, query, headers: request.headers, body, deadline };
    return match.route.handle(given);
  }

  const server = createServer((request, response) => {
    // Whatever goes wrong with one request costs its connection, and never the process.
    serve(request, response).catch((error: unknown) => {
      options.log('error', 'unexpected error', { error });
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1000;
  return Object.assign(server, { inFlight: () => inFlight });
}

/** Returns the caller's id of the request, or undefined when it is missing or not fit for the log. */
function givenId(request: IncomingMessage): string | undefined {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : undefined;
}

async function readJson(request: IncomingMessage, deadline: Deadline, time: Time): Promise<unknown> {
  const raw = await within(time, readAll(request), deadline.remaining());
  if (raw === TIMED_OUT) throw new ApiError(408, 'slow_request', 'The body did not come in time.');
  try {
    return JSON.parse(raw);
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The usual iterator would destroy the connection when the body is too large, and the answer could not be sent.
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES)
        throw new ApiError(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
      chunks.push(chunk);
    }
  } catch (error) {
    // Every other error comes from the connection: the client is gone, or its bytes are no body.
    throw error instanceof ApiError ? error : new ApiError(400, 'cut_off', 'The body did not come whole.', error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * PostgreSQL's error class 22: a value passed validation but does not exist, for example a date that no calendar has.
 */
const isDataException = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22.{3}$/.test(error.code);

function refusal(error: unknown, onUnexpected: (error: unknown) => void): Reply {
  if (isDataException(error)) return refusal(badRequest('A value is out of range.'), onUnexpected);
  if (!(error instanceof ApiError)) {
    onUnexpected(error);
    return refusal(new ApiError(500, 'internal', 'Something went wrong here.'), onUnexpected);
  }
  const reply = json(error.status, { error: { code: error.code, message: error.message } });
  if (error.status !== 503) return reply;
  // The balancer reads "x-refused": it then refuses further writes itself, which costs less.
  return { ...reply, headers: { 'retry-after': '1', ...(error.code === 'overloaded' && { 'x-refused': '1' }) } };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  extra: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return;
  // If the body was not read to its end, the rest of it would be taken for the next request.
  const unread = request.complete ? {} : { connection: 'close' };
  const headers = { 'content-type': 'application/json', ...reply.headers, ...extra, ...unread };
  response.writeHead(
    reply.status,
    reply.status === 304 ? headers : { ...headers, 'content-length': Buffer.byteLength(reply.body) },
  );
  response.end(reply.body);
}
