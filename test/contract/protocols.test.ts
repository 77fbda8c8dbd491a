import { expect } from 'chai';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import type { Protocol } from '../../harness/core/kinds/protocol.ts';
import { protocols } from '../../harness/protocols/index.ts';
import { composed } from '../../harness/plan/topology/shape.ts';

const PROTOCOLS = new URL('../../harness/protocols/', import.meta.url);
const PEER = { host: 'server', port: 1 };

/** Returns a compose file whose one service speaks a protocol. */
const spoken = (protocol: string) => ({
  name: 'law',
  services: { server: {} },
  'x-chaos': {
    entry: 'http://127.0.0.1:1',
    ready: '/',
    toxiproxy: 'http://127.0.0.1:2',
    database: 'postgres://127.0.0.1:3/x',
    redis: 'redis://127.0.0.1:4',
    reset: '',
    services: { server: { port: 1, protocol } },
  },
});

describe('protocols', () => {
  it('are what a compose file may say, and nothing else is', () => {
    for (const { name } of protocols) expect(composed.safeParse(spoken(name)).success, name).to.equal(true);
    expect(composed.safeParse(spoken('smtpp')).success).to.equal(false);
  });

  for (const { name, summary, hello, greeting, answer, echo, again, heldMs, countsBreaks } of protocols) {
    describe(`the protocol ${name}`, () => {
      it('runs alone in a helper container: its file needs no other file of the harness', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'protocol-'));
        writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
        copyFileSync(new URL(`${name}.ts`, PROTOCOLS), join(folder, `${name}.ts`));
        const alone = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as { default: Protocol };
        expect(alone.default.name).to.equal(name);
      });

      it('has a summary, and parts that fit together', () => {
        expect(summary).to.match(/^[A-Z].*\.$/);
        if (greeting === undefined) expect([hello, answer, echo, again]).to.deep.equal(Array(4).fill(undefined));
        // A server that speaks first must be told something: else its connection ends in the middle of a handshake.
        if (hello !== undefined) expect(greeting?.(PEER).length).to.be.greaterThan(0);
        expect(heldMs ?? 30_000, 'heldMs').to.be.within(2_000, 30_000);
        // A connection is given up before the server does it, and never before that while it is waited for.
        if (countsBreaks !== undefined) expect(heldMs ?? 30_000).to.be.lessThan(countsBreaks.givesUpMs);
      });

      it('reads a message that comes in pieces, and never breaks on its first bytes', () => {
        for (const read of [hello, answer]) {
          for (let length = 1; length <= 6; length += 1) {
            for (const byte of [0x00, 0x0a, 0x2b, 0x2d, 0x48, 0xff]) read?.(Buffer.alloc(length, byte));
          }
        }
      });

      if (echo !== undefined)
        it('asks for about as many bytes as it is told, and takes half an answer for no whole one', () => {
          const { send, whole } = echo(PEER, 2_000);
          expect(send.length).to.be.within(2_000, 2_200);
          expect(whole?.(Buffer.alloc(3, '$')) ?? false).to.equal(false);
        });
    });
  }
});
