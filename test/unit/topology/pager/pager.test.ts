import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { answer } from '../../../../topology/pager/answer.ts';
import { Book, type Delivery } from '../../../../topology/pager/book.ts';

const alert = (name: string) => ({
  status: 'firing',
  labels: { alertname: name },
  annotations: { summary: 's' },
  startsAt: '2026-06-06T10:00:00.000Z',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'f',
  generatorURL: 'not kept',
});
const message = (name: string) => ({ version: '4', status: 'firing', receiver: 'page', alerts: [alert(name)] });

describe('the pager', () => {
  let server: Server;
  let url: string;
  beforeEach(async () => {
    server = createServer(answer(new Book(3, () => 1_000)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  const ask = (path: string, method = 'GET', body?: string): Promise<Response> =>
    fetch(url + path, { method, ...(body === undefined ? {} : { body }) });
  const deliver = async (name: string): Promise<number> =>
    (await ask('/', 'POST', JSON.stringify(message(name)))).status;
  const after = async (n: number): Promise<readonly Delivery[]> =>
    ((await (await ask(`/deliveries?after=${n}`)).json()) as { deliveries: Delivery[] }).deliveries;
  const figures = async (): Promise<string> => (await ask('/metrics')).text();

  it('keeps what Alertmanager delivers, with the time at which it came', async () => {
    expect(await deliver('A')).to.equal(200);
    const { generatorURL: _, ...kept } = alert('A');
    expect(await after(0)).to.deep.equal([
      { n: 1, at: '1970-01-01T00:00:01.000Z', status: 'firing', receiver: 'page', alerts: [kept] },
    ]);
  });

  it('hands out what came after a delivery, oldest first, and forgets the oldest', async () => {
    for (const name of ['A', 'B', 'C', 'D']) await deliver(name);
    expect((await after(0)).map(({ n }) => n)).to.deep.equal([2, 3, 4]);
    expect((await after(3)).map(({ n, alerts: [one] }) => [n, one?.labels['alertname']])).to.deep.equal([[4, 'D']]);
    expect(await after(4)).to.deep.equal([]);
    expect((await ask('/deliveries?after=x')).status).to.equal(400);
  });

  it('refuses what is no message of version 4, and goes on', async () => {
    for (const body of ['', 'x', 'null', '{}', JSON.stringify({ ...message('A'), version: '3' })])
      expect((await ask('/', 'POST', body)).status, body).to.equal(400);
    expect((await ask('/', 'POST', 'x'.repeat(1_100_000))).status).to.equal(413);
    expect(await after(0)).to.deep.equal([]);
    expect((await ask('/nothing')).status).to.equal(404);
    expect((await ask('/health')).status).to.equal(200);
  });

  it('hands figures on to Prometheus until they are taken away', async () => {
    expect((await ask('/metrics/day', 'PUT', 'wedsync_wedding_day_forced 1')).status).to.equal(204);
    expect((await ask('/metrics/run', 'PUT', 'chaos_phase{phase="fault"} 1\n')).status).to.equal(204);
    expect(await figures()).to.equal('wedsync_wedding_day_forced 1\nchaos_phase{phase="fault"} 1\n');
    await ask('/metrics/day', 'PUT', 'wedsync_wedding_day_forced 0\n');
    await ask('/metrics/run', 'DELETE');
    expect(await figures()).to.equal('wedsync_wedding_day_forced 0\n');
  });
});
