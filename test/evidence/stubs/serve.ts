import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '../../../harness/core/random.ts';
import { SYSTEMS } from './systems.ts';

// A process that serves one of the systems of known capacity. POST /without takes a server away, POST /whole gives it back.
const [name = '', seed = '1'] = process.argv.slice(2);
const system = SYSTEMS[name]?.(seededRandom(Number(seed)));
if (system === undefined) throw new Error(`no stub is called "${name}"`);

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const now = performance.now() / 1_000;
  if (request.method === 'POST') {
    system.without(request.url === '/without');
    response.end('{}');
    return;
  }
  const { due, ok } = system.arrive(now);
  const answer = (): void => void response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' }).end('{}');
  const left = due * 1_000 - performance.now();
  if (left <= 0.5) answer();
  // A timer fires up to a millisecond late.
  else setTimeout(answer, left - 0.5);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
