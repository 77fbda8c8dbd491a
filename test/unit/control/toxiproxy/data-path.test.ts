import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'mocha';
import { crossed, crossing } from '../../../../harness/control/toxiproxy/data-path.ts';
import { protocols } from '../../../../harness/protocols/index.ts';
import { startPeer } from '../../../helpers/doubles/peer.ts';

/** Runs the test of a proxy that listens on one port, before a server on another. Resolves with its exit code. */
async function test(proxy: number, server: number, protocol: string): Promise<number> {
  const ref = { name: 'p', listen: `0.0.0.0:${proxy}`, upstream: `127.0.0.1:${server}` };
  const [program = '', ...args] = crossing(ref, protocol) ?? [];
  const [code] = (await once(spawn(program, args, { stdio: 'ignore' }), 'exit')) as [number];
  return code;
}

/** Answers when it has heard as many bytes as the greeting has. One that speaks first greets, and closes after it. */
const server = (protocol: string, heard: Buffer[]) => (socket: Socket) => {
  const { hello, greeting } = protocols.find(({ name }) => name === protocol) ?? {};
  if (hello !== undefined) socket.write('hello');
  socket.on('data', (chunk) => {
    heard.push(chunk);
    if (Buffer.concat(heard).length < (greeting?.(HERE).length ?? 0)) return;
    if (hello === undefined) socket.write('answer');
    else socket.end('answer');
  });
};
const HERE = { host: '127.0.0.1', port: 1 };
const silent = (): void => undefined;

describe('the test whether bytes cross a proxy', function () {
  this.timeout(30_000);

  for (const { name, greeting } of protocols) {
    if (greeting === undefined) {
      it(`cannot be made for ${name}, which sends nothing`, () => {
        expect(crossing({ name: 'p', listen: ':1', upstream: 'server:2' }, name)).to.equal(undefined);
      });
      continue;
    }
    it(`says for ${name} that bytes cross, with the greeting of the protocol, to its last byte`, async () => {
      const heard: Buffer[] = [];
      await using proxy = await startPeer(server(name, heard));
      await using behind = await startPeer(silent);
      expect(crossed(await test(proxy.port, behind.port, name))).to.equal(true);
      // The program may end before this process has read its last bytes.
      while (proxy.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
      const sent = greeting(HERE);
      expect(Buffer.concat(heard).toString('latin1')).to.equal(sent.toString('latin1'));
    });
  }

  it('says that no bytes cross when the server answers and the proxy does not', async () => {
    await using proxy = await startPeer(silent);
    await using behind = await startPeer(server('redis', []));
    expect(crossed(await test(proxy.port, behind.port, 'redis'))).to.equal(false);
  });

  it('does not blame the proxy when the server does not answer either', async () => {
    await using proxy = await startPeer(silent);
    await using behind = await startPeer(silent);
    expect(crossed(await test(proxy.port, behind.port, 'mysql'))).to.equal(true);
  });
});
