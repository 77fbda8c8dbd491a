import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pagePart } from '../../../../helpers/page-part.ts';
import { serve } from '../../../../helpers/web-server.ts';

interface Source {
  addEventListener(
    name: string,
    listener: (event: { readonly data: string; readonly lastEventId: string }) => void,
  ): void;
  readonly readyState: number;
  readonly status: number | null;
  close(): void;
}

const fetchSource = pagePart('parts/fetch-source.js', 'fetchSource', {
  dom: { token: 'a-token' },
  EventSource: { CONNECTING: 0, OPEN: 1, CLOSED: 2 },
  fetch,
  EventTarget,
  Event,
  MessageEvent,
  TextDecoderStream,
  AbortController,
}) as (address: string) => Source;

const next = (source: Source, name: string): Promise<void> =>
  new Promise((resolve) => source.addEventListener(name, () => resolve()));

/** Returns every message until the stream ends. */
async function messagesOf(parts: readonly string[]): Promise<readonly (readonly [string, string, string])[]> {
  await using server = await serve((request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const write = async (): Promise<void> => {
      for (const part of parts) {
        response.write(part);
        await delay(5);
      }
      response.end(`data: ${String(request.headers['x-chaos-token'])}\n\n`);
    };
    void write();
  });
  const source = fetchSource(server.url);
  const heard: (readonly [string, string, string])[] = [];
  for (const name of ['message', 'day'])
    source.addEventListener(name, ({ data, lastEventId }) => void heard.push([name, data, lastEventId]));
  await next(source, 'error');
  expect(source.readyState).to.equal(2);
  return heard;
}

describe('a stream that is read with fetch', () => {
  it('has each message once, however it was cut on its way, and sends the token', async () => {
    expect(
      await messagesOf([
        'retry: 500\n\nevent: day\nda',
        'ta: {"a":1}\n',
        '\nid: run:7\ndata: one\ndata: two: 2\n\n: a remark\n\nevent: pulse\ndata: 0\n\nevent: day\ndata: ü',
        '\n\n',
      ]),
    ).to.deep.equal([
      ['day', '{"a":1}', ''],
      ['message', 'one\ntwo: 2', 'run:7'],
      ['day', 'ü', ''],
      ['message', 'a-token', ''],
    ]);
  });

  it('ends with an error when the server says no, and says its status', async () => {
    await using server = await serve((_, response) => response.writeHead(401).end('no token'));
    const source = fetchSource(server.url);
    await next(source, 'error');
    expect(source.status).to.equal(401);
    expect(source.readyState).to.equal(2);
  });

  it('says nothing more once it was closed', async () => {
    await using server = await serve((_, response) => void response.writeHead(200).write('data: 1\n\n'));
    const source = fetchSource(server.url);
    await next(source, 'message');
    let errors = 0;
    source.addEventListener('error', () => (errors += 1));
    source.close();
    await delay(20);
    expect(errors).to.equal(0);
  });
});
