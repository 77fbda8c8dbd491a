import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ToxiproxyControl } from '../../../../harness/control/toxiproxy/toxiproxy.ts';
import { serve } from '../../../helpers/web-server.ts';

const REF = { name: 'db', listen: '0.0.0.0:1', upstream: 'db:1' };
const TOXIC = { name: 'slow', type: 'latency', stream: 'upstream', attributes: { latency: 1 } } as const;

describe('a call of Toxiproxy', function () {
  // This only guards against a hang: each call is given up after 2 s.
  this.timeout(60_000);

  const calls: Readonly<Record<string, (control: ToxiproxyControl) => Promise<unknown>>> = {
    proxies: (control) => control.proxies(),
    state: (control) => control.state('db'),
    proxy: (control) => control.proxy('db'),
    addToxic: (control) => control.addToxic(REF, TOXIC),
    removeToxic: (control) => control.removeToxic(REF, 'slow'),
    disableProxy: (control) => control.disableProxy(REF),
    enable: (control) => control.enable(REF),
    recreate: (control) => control.recreate(REF),
  };

  it('is given up at its deadline, with its connection, when it is never answered (case H6)', async () => {
    let open = 0;
    let ended: () => void = () => undefined;
    const allEnded = new Promise<void>((resolve) => (ended = resolve));
    await using server = await serve((request) => {
      open += 1;
      request.socket.once('close', () => (open -= 1) === 0 && ended());
    });
    const control = new ToxiproxyControl(server.url);
    const failed = await Promise.all(
      Object.values(calls).map((call) =>
        call(control).then(
          () => 'it succeeded',
          (error: unknown) => error,
        ),
      ),
    );
    for (const error of failed) expect(error).to.include({ code: 'CHAOS_TOXIPROXY', exit: 'not-ready' });
    await allEnded;
  });

  it('has a code of ours when something else answers (case C4)', async () => {
    for (const body of ['<html>', 'null', '[1]', '"text"']) {
      await using server = await serve((_request, response) => response.end(body));
      const control = new ToxiproxyControl(server.url);
      for (const name of ['proxies', 'state', 'proxy'] as const) {
        const error = await calls[name]?.(control).catch((e: unknown) => e);
        expect(error, `${name} of ${body}`).to.include({ code: 'CHAOS_TOXIPROXY' });
      }
    }
  });

  it('adds a toxic anew when one of its name is there, and makes a proxy that is there already', async () => {
    const asked: string[] = [];
    let there = true;
    await using server = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.method === 'DELETE') there = false;
      response.statusCode = request.method === 'POST' && there ? 409 : 200;
      response.end(JSON.stringify({ name: 'db' }));
    });
    await new ToxiproxyControl(server.url).addToxic(REF, TOXIC);
    expect(asked).to.deep.equal([
      'GET /proxies/db',
      'POST /proxies/db/toxics',
      'DELETE /proxies/db/toxics/slow',
      'POST /proxies/db/toxics',
    ]);
  });
});
