import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import type { Condition, Looking } from '../../../../harness/core/kinds/condition.ts';
import type { TopologyControl } from '../../../../harness/core/topology/control.ts';
import command from '../../../../harness/steps/wait/command.ts';
import http from '../../../../harness/steps/wait/http.ts';
import role from '../../../../harness/steps/wait/role.ts';
import sql from '../../../../harness/steps/wait/sql.ts';
import { ManualClock } from '../../../helpers/doubles/clock.ts';
import { MemoryTopology, SPEC } from '../../../helpers/doubles/topology.ts';

/** A search in manual time, in a run without events. */
const looking = (topology: TopologyControl, over: Partial<Looking>): Looking => ({
  clock: new ManualClock(0),
  topology,
  since: 0,
  signal: new AbortController().signal,
  saw: () => undefined,
  changes: () => [],
  onEvent: () => ({ [Symbol.dispose]: () => undefined }),
  ...over,
});

/** Waits in manual time until the condition holds. Returns when that was, and what was seen on the way. */
async function waited<C>(
  condition: Condition<C>,
  params: C,
  topology: MemoryTopology,
): Promise<{ readonly at: number; readonly saw: readonly string[] }> {
  const clock = new ManualClock(0);
  const saw: string[] = [];
  const search = looking(topology, { clock, saw: (now) => void saw.push(now) });
  return { at: await clock.through(condition.comeAbout(params, search), 250), saw };
}

describe('the condition of a wait', () => {
  const answers: number[] = [];
  const paths: string[] = [];
  let server: Server;
  let entry = '';

  before(async () => {
    server = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(answers.shift() ?? 200, { location: 'http://192.0.2.1/elsewhere' }).end('body');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    entry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const topologyAt = (url: string): MemoryTopology =>
    Object.assign(new MemoryTopology(), { spec: { ...SPEC, entry: url } });

  it('holds when a path of the entry answers with the right status, and never follows a redirection', async () => {
    answers.push(503, 302, 200);
    const { saw } = await waited(http, { path: '/ready?x=1', status: 200 }, topologyAt(entry));
    expect(saw).to.deep.equal(['HTTP 503', 'HTTP 302', 'HTTP 200']);
    expect(paths).to.deep.equal(['/ready?x=1', '/ready?x=1', '/ready?x=1']);
  });

  it('sends the path byte for byte, below the path of the entry (case C6)', async () => {
    paths.length = 0;
    await waited(http, { path: '//a/../{b}?c=%7e"', status: 200 }, topologyAt(`${entry}/base/`));
    expect(paths).to.deep.equal(['/base//a/../{b}?c=%7e"']);
  });

  it('is tried again when the entry cannot be reached, and reports the error', async () => {
    const clock = new ManualClock(0);
    const end = new AbortController();
    const saw: string[] = [];
    const gone = topologyAt('http://127.0.0.1:1');
    const search = looking(gone, {
      clock,
      signal: end.signal,
      saw: (now) => {
        saw.push(now);
        if (saw.length === 3) end.abort(new Error('enough'));
      },
    });
    const work = http.comeAbout({ path: '/', status: 200 }, search).catch((error: unknown) => error);
    expect(await clock.through(work, 250)).to.have.property('message', 'enough');
    expect(saw).to.have.lengthOf(3);
    expect(saw[2]).to.include('ECONNREFUSED');
  });

  it('compares the first value of a query as text: a number, a boolean, null or no row', async () => {
    const rows: Record<string, unknown>[][] = [
      [],
      [{ n: null }],
      [{ n: '9007199254740993' }],
      [{ n: false }],
      [{ n: true, x: 1 }],
    ];
    const asked: string[] = [];
    const topology = new MemoryTopology();
    topology.data.query = (sql) => {
      asked.push(sql);
      return Promise.resolve(rows.shift() ?? []);
    };
    const { saw, at } = await waited(sql, { query: 'select n', equals: 'true' }, topology);
    expect(saw).to.deep.equal(['no row', 'null', '9007199254740993', 'false', 'true']);
    expect(at).to.equal(1_000);
    expect(new Set(asked)).to.deep.equal(new Set(['select n']));
  });

  it('is tried again when a query fails', async () => {
    let failures = 2;
    const topology = new MemoryTopology();
    topology.data.query = () =>
      failures-- > 0 ? Promise.reject(new Error('no primary')) : Promise.resolve([{ ok: true }]);
    const { saw } = await waited(sql, { query: 'select true', equals: 'true' }, topology);
    expect(saw).to.deep.equal(['no primary', 'no primary', 'true']);
  });

  it('holds when a command in a container of the topology succeeds', async () => {
    const topology = new MemoryTopology();
    const commands: unknown[] = [];
    topology.ask = async (command) => {
      commands.push(command);
      if (commands.length < 2) throw new Error('ended with 1');
      return 'ready\n';
    };
    const { saw } = await waited(command, { service: 'app', replica: 2, run: ['test', '-e', '/x'] }, topology);
    expect(saw).to.deep.equal(['ended with 1', 'ready']);
    expect(commands[1]).to.deep.equal({ in: 'chaos-app-2', run: ['test', '-e', '/x'] });
  });

  it('says in words what is waited for', () => {
    expect([
      role.describe({ service: 'postgres', becomes: 'primary' }),
      role.describe({ service: 'postgres-a', becomes: 'unknown' }),
      http.describe({ path: '/health', status: 503 }),
      sql.describe({ query: 'select 1', equals: '1' }),
      command.describe({ service: 'app', replica: 2, run: ['test', '-e', '/tmp/a b'] }),
    ]).to.deep.equal([
      'one of postgres becomes primary',
      'one of postgres-a no longer answers',
      'GET /health answers 503',
      '"select 1" returns 1 on the primary',
      "test -e '/tmp/a b' (in app 2) succeeds",
    ]);
  });
});
