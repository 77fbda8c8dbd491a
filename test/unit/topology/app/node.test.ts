import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { loadConfig } from '../../../../topology/app/config.ts';
import { DatabaseNode } from '../../../../topology/app/node.ts';
import { monotonic as time } from '../../../../topology/app/time.ts';
import { PostgresDouble } from './postgres-double.ts';

const { limits } = loadConfig({ PRIMARY_URL: 'p', REDIS_URL: 'r' }, { port: 1 });
const STATEMENT = { name: 'test', text: 'select 1 where false', values: [] };

/** Waits until it is so. The time limit of the test ends a wait in vain. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(2);
}

describe('a database node of the app', () => {
  async function setUp(poolSize: number, replicas = 1) {
    const server = new PostgresDouble();
    const node = new DatabaseNode({
      name: 'standby',
      url: await server.url(),
      poolSize,
      replicas: () => replicas,
      limits,
      time,
    });
    const run = (times: number): Promise<unknown>[] =>
      Array.from({ length: times }, () => node.run(STATEMENT, 4000).catch((error: unknown) => error));
    return {
      server,
      node,
      run,
      async [Symbol.asyncDispose]() {
        server.answer();
        await node.close();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  /** How each statement ended: undefined for its rows, or the error's message. */
  const ends = async (statements: readonly Promise<unknown>[]): Promise<(string | undefined)[]> =>
    (await Promise.all(statements)).map((end) => (end instanceof Error ? end.message : undefined));

  it('opens connections for waiting statements as soon as its pool may have more', async () => {
    await using bench = await setUp(1);
    const { server, node, run } = bench;
    const statements = run(4);
    await until(() => server.statements === 1);
    expect([server.open, node.pool.waitingCount]).to.deep.equal([1, 3]);
    node.resize(3);
    await until(() => server.statements === 3);
    expect([server.open, node.pool.waitingCount]).to.deep.equal([3, 1]);
    server.answer();
    await until(() => server.statements === 1);
    server.answer();
    expect(await ends(statements)).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(server.most).to.equal(3);
  });

  it('tells its pool to keep as many connections as it may have, idle or not', async () => {
    await using bench = await setUp(4);
    const { node } = bench;
    expect(node.pool.options.min).to.equal(4);
    node.resize(2);
    expect(node.pool.options.min).to.equal(2);
  });

  it('closes a connection that is too many when it comes back, and cuts no statement off', async () => {
    await using bench = await setUp(4);
    const { server, node, run } = bench;
    const statements = run(6);
    await until(() => server.statements === 4);
    node.resize(2);
    await delay(20);
    expect(server.open).to.equal(4);
    server.answer(2);
    await until(() => server.open === 2);
    expect(server.statements, 'the statements that waited go on waiting').to.equal(2);
    server.answer();
    await until(() => server.statements === 2);
    server.answer();
    expect(await ends(statements)).to.deep.equal(statements.map(() => undefined));
    expect([server.open, server.most, node.pool.totalCount]).to.deep.equal([2, 4, 2]);
  });

  it('closes idle connections that are too many at once', async () => {
    await using bench = await setUp(4);
    const { server, node, run } = bench;
    const statements = run(4);
    await until(() => server.statements === 4);
    server.answer();
    await ends(statements);
    expect(node.pool.idleCount).to.equal(4);
    node.resize(1);
    await until(() => server.open === 1);
    expect([node.pool.totalCount, node.pool.idleCount]).to.deep.equal([1, 1]);
    const more = run(2);
    await until(() => server.statements === 1);
    server.answer();
    await until(() => server.statements === 1);
    server.answer();
    expect(await ends(more)).to.deep.equal([undefined, undefined]);
    expect(server.open).to.equal(1);
  });

  it('never has more connections than its size, the probe of its circuit included', async () => {
    await using bench = await setUp(2);
    const { server, node, run } = bench;
    const statements = run(4);
    await until(() => server.statements === 2);
    server.welcomes = false;
    server.cut();
    await until(() => server.statements === 2);
    expect(node.circuit.state, 'the probe waits for its login').to.equal('open');
    await delay(20);
    expect([server.open, server.most]).to.deep.equal([2, 2]);
    server.welcomes = true;
    server.answer();
    await until(() => node.circuit.closed);
    // The last two statements may wait at the server one after the other, or both at once.
    let ended = false;
    void Promise.allSettled(statements).then(() => (ended = true));
    await until(() => (server.answer(), ended));
    const [cut, ...others] = await ends(statements);
    expect(cut).to.match(/^Connection terminated/);
    expect(others).to.deep.equal([undefined, undefined, undefined]);
    expect(server.most).to.equal(2);
  });

  it('keeps the connection of its first probe for the first statement', async () => {
    await using bench = await setUp(2);
    const { server, node, run } = bench;
    node.circuit.trip();
    await until(() => node.circuit.closed);
    expect([server.open, node.pool.idleCount]).to.deep.equal([1, 1]);
    const statements = run(1);
    await until(() => server.statements === 1);
    server.answer();
    expect(await ends(statements)).to.deep.equal([undefined]);
    expect(server.most).to.equal(1);
  });

  it('closes the connection of its first probe when that gets no answer', async () => {
    await using bench = await setUp(1);
    const { server, node } = bench;
    server.welcomes = false;
    node.circuit.trip();
    await until(() => server.statements === 1);
    server.cut();
    await until(() => server.statements === 1);
    expect(node.circuit.state).to.equal('open');
    server.welcomes = true;
    server.cut();
    await until(() => node.circuit.closed);
    expect([server.most, node.pool.totalCount]).to.deep.equal([1, 1]);
  });

  it('probes less often the more replicas there are: fifty times a second together', async () => {
    const rates = await Promise.all(
      [1, 20].map(async (replicas) => {
        await using bench = await setUp(1, replicas);
        const { server, node } = bench;
        server.welcomes = false;
        node.circuit.trip();
        await until(() => server.statements === 1);
        const since = performance.now();
        server.cut();
        await until(() => server.statements === 1);
        return performance.now() - since;
      }),
    );
    expect(rates[0]).to.be.at.least(95);
    expect(rates[1]).to.be.at.least(395);
  });

  it('keeps its size while it has one connection, and that one fails', async () => {
    await using bench = await setUp(1);
    const { server, node, run } = bench;
    const statements = run(2);
    await until(() => server.statements === 1);
    server.cut();
    await until(() => server.statements === 1 && node.circuit.closed);
    server.answer();
    const [cut, other] = await ends(statements);
    expect(cut).to.match(/^Connection terminated/);
    expect(other).to.equal(undefined);
    expect([server.most, node.size, node.pool.options.max]).to.deep.equal([1, 1, 1]);
  });
});
