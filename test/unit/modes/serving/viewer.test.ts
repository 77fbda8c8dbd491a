import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { Backlog, cursorOf, idOf } from '../../../../harness/modes/serving/backlog.ts';
import { Viewer } from '../../../../harness/modes/serving/viewer.ts';

/** A connection whose other side reads only when the test says so. */
class Connection extends Writable {
  read = '';
  #go: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 16_384 });
  }

  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.#go = () => {
      this.read += part.toString();
      done();
    };
  }

  /** Reads all that is there, and what follows from it. */
  async readAll(): Promise<void> {
    while (this.#go !== undefined) {
      const go = this.#go;
      this.#go = undefined;
      go();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const responseOf = (connection: Connection): ServerResponse => connection as unknown as ServerResponse;

function backlogOf(run: string, count: number): Backlog {
  const backlog = new Backlog(run);
  for (let i = 1; i <= count; i += 1) backlog.add(i * 10, { number: i, text: 'x'.repeat(200) });
  return backlog;
}

const numbers = (text: string): number[] => [...text.matchAll(/"number":(\d+)/g)].map(([, n]) => Number(n));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a viewer of the live page', () => {
  it('gets every message, and no more of them at once than its connection takes', async () => {
    const connection = new Connection();
    new Viewer(responseOf(connection), undefined).catchUp(backlogOf('r', 5_000));
    expect(connection.writableLength, 'what waits in memory').to.be.lessThan(64_000);
    await connection.readAll();
    expect(numbers(connection.read)).to.deep.equal(upTo(5_000));
  });

  it('goes on behind the last message that it had, and begins anew with another run', async () => {
    for (const [cursor, expected] of [
      [cursorOf('r:30'), upTo(10).slice(3)],
      [cursorOf('r:34'), upTo(10).slice(3)],
      [cursorOf('r:100'), []],
      [cursorOf('other:30'), upTo(10)],
      [cursorOf('r:-1; x'), upTo(10)],
      [undefined, upTo(10)],
    ] as const) {
      const connection = new Connection();
      new Viewer(responseOf(connection), cursor).catchUp(backlogOf('r', 10));
      await connection.readAll();
      expect(numbers(connection.read), cursor === undefined ? 'none' : idOf(cursor)).to.deep.equal(expected);
    }
  });

  it('is sent away when it takes nothing for a while, and gets the rest when it comes back', async () => {
    const backlog = backlogOf('r', 1_000);
    const slow = new Connection();
    const viewer = new Viewer(responseOf(slow), undefined, 20);
    viewer.catchUp(backlog);
    viewer.tell('pulse', {});
    while (!slow.destroyed) await delay(5);
    backlog.add(20_000, { number: 1_001 });
    viewer.catchUp(backlog);
    const had = numbers(slow.read);
    const next = new Connection();
    new Viewer(responseOf(next), cursorOf(`r:${(had.at(-1) ?? 0) * 10}`)).catchUp(backlog);
    await next.readAll();
    expect([...had, ...numbers(next.read)]).to.deep.equal(upTo(1_001));
  });

  it('gets the messages of the run that is shown when it was slow with another', async () => {
    const connection = new Connection();
    const viewer = new Viewer(responseOf(connection), undefined);
    viewer.catchUp(backlogOf('old', 5_000));
    viewer.catchUp(backlogOf('new', 3));
    await connection.readAll();
    const ids = [...connection.read.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
    expect(ids.slice(-3)).to.deep.equal(['new:10', 'new:20', 'new:30']);
    expect(ids.filter((id) => id?.startsWith('old')).length).to.be.lessThan(300);
  });
});
