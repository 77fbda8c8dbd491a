import { expect } from 'chai';
import { createServer, type Socket, type AddressInfo } from 'node:net';
import { describe, it } from 'mocha';
import { PostgresControl } from '../../../harness/control/postgres/postgres.ts';
import { askRedis } from '../../../harness/control/redis/redis.ts';

/** Starts a server that does this with each connection. */
async function server(act: (socket: Socket) => void) {
  const open = new Set<Promise<void>>();
  const listening = createServer((socket) => {
    open.add(new Promise((resolve) => socket.once('close', () => resolve())));
    socket.on('error', () => undefined);
    socket.resume();
    act(socket);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return {
    port: (listening.address() as AddressInfo).port,
    /** Resolves when every connection has ended. */
    idle: () => Promise.all(open),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void listening.close(() => resolve())),
  };
}

/** What a PostgreSQL sends that lets everybody in: AuthenticationOk and ReadyForQuery. */
const WELCOME = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

const ENDS: Readonly<Record<string, (socket: Socket) => void>> = {
  'never answers': () => undefined,
  'lets in and never answers': (socket) => void socket.once('data', () => socket.write(WELCOME)),
  'ends each connection': (socket) => void socket.destroy(),
  'is something else': (socket) => void socket.write('220 mail.example.com ESMTP\r\n'),
};

describe('a query of PostgreSQL', function () {
  // This only guards against a hang: a silent connection is given up after two seconds.
  this.timeout(60_000);
  const calls = async (deadlineMs: number, act: (socket: Socket) => void): Promise<number> => {
    let tries = 0;
    await using there = await server((socket) => {
      tries += 1;
      act(socket);
    });
    const url = `postgres://u:p@127.0.0.1:${there.port}/db`;
    await new PostgresControl(url).query('select 1', [], deadlineMs).catch(() => undefined);
    return tries;
  };

  it('connects again within its deadline when nobody answered', async () => {
    expect(await calls(3_000, () => undefined)).to.equal(2);
  });

  it('connects once when the deadline is over then', async () => {
    expect(await calls(500, () => undefined)).to.equal(1);
  });

  it('connects once when the server ends the connection', async () => {
    expect(await calls(3_000, (socket) => void socket.destroy())).to.equal(1);
  });
});

describe('a database that', function () {
  // This only guards against a hang: each call has a deadline of some seconds.
  this.timeout(60_000);
  for (const [name, act] of Object.entries(ENDS)) {
    it(`${name} has a code of ours, and its connection ends with the call (case H6)`, async () => {
      await using there = await server(act);
      const calls = [
        () => new PostgresControl(`postgres://u:p@127.0.0.1:${there.port}/db`).query('select 1', [], 500),
        () => askRedis(`redis://127.0.0.1:${there.port}`, ['PING']),
      ];
      for (const call of calls) {
        const error = await call().then(
          () => expect.fail('it answered'),
          (thrown: unknown) => thrown,
        );
        expect(error).to.include({ code: 'CHAOS_DATABASE', exit: 'not-ready' });
      }
      await there.idle();
    });
  }
});
