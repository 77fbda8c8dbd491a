import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import type { Condition } from '../../../harness/core/plan.ts';
import { Conditions } from '../../../harness/engine/conditions.ts';
import { ManualClock } from '../../helpers/clock.ts';
import { MemoryTopology, SPEC } from '../../helpers/topology.ts';

/** Waits until the condition has come about, in manual time; answers when, and what was seen on the way. */
async function waited(
  condition: Condition,
  topology: MemoryTopology,
): Promise<{ readonly at: number; readonly saw: readonly string[] }> {
  const clock = new ManualClock(0);
  const saw: string[] = [];
  const never = new AbortController().signal;
  const at = await clock.through(
    new Conditions(topology, clock).comeAbout(condition, 0, never, (now) => void saw.push(now)),
    250,
  );
  return { at, saw };
}

describe('what a wait waits for', () => {
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

  it('a path of the entry answers so; another status and a redirection are not it, and are not followed', async () => {
    answers.push(503, 302, 200);
    const { saw } = await waited({ http: { path: '/ready?x=1', status: 200 } }, topologyAt(entry));
    expect(saw).to.deep.equal(['HTTP 503', 'HTTP 302', 'HTTP 200']);
    expect(paths).to.deep.equal(['/ready?x=1', '/ready?x=1', '/ready?x=1']);
  });

  it('an entry that cannot be reached is asked again, and what was seen says so', async () => {
    const clock = new ManualClock(0);
    const end = new AbortController();
    const saw: string[] = [];
    const gone = topologyAt('http://127.0.0.1:1');
    const work = new Conditions(gone, clock)
      .comeAbout({ http: { path: '/', status: 200 } }, 0, end.signal, (now) => {
        saw.push(now);
        if (saw.length === 3) end.abort(new Error('enough'));
      })
      .catch((error: unknown) => error);
    expect(await clock.through(work, 250)).to.have.property('message', 'enough');
    expect(saw).to.have.lengthOf(3);
    expect(saw[2]).to.include('fetch failed');
  });

  it('the first value of a query, as text: numbers, truth and nothing', async () => {
    const rows: Record<string, unknown>[][] = [
      [],
      [{ n: null }],
      [{ n: '9007199254740993' }],
      [{ n: false }],
      [{ n: true, x: 1 }],
    ];
    const asked: string[] = [];
    const topology = Object.assign(new MemoryTopology(), {
      query: (sql: string) => {
        asked.push(sql);
        return Promise.resolve(rows.shift() ?? []);
      },
    });
    const { saw, at } = await waited({ sql: { query: 'select n', equals: 'true' } }, topology);
    expect(saw).to.deep.equal(['no row', 'null', '9007199254740993', 'false', 'true']);
    expect(at).to.equal(1_000);
    expect(new Set(asked)).to.deep.equal(new Set(['select n']));
  });

  it('a query that fails is asked again', async () => {
    let failures = 2;
    const topology = Object.assign(new MemoryTopology(), {
      query: () => (failures-- > 0 ? Promise.reject(new Error('no primary')) : Promise.resolve([{ ok: true }])),
    });
    const { saw } = await waited({ sql: { query: 'select true', equals: 'true' } }, topology);
    expect(saw).to.deep.equal(['no primary', 'no primary', 'true']);
  });

  it('a command in a container of the topology succeeds', async () => {
    const topology = new MemoryTopology();
    const commands: unknown[] = [];
    topology.answer = (command) => {
      commands.push(command);
      if (commands.length < 2) throw new Error('ended with 1');
      return 'ready\n';
    };
    topology.ask = async (command) => topology.answer(command);
    const { saw } = await waited({ command: { service: 'app', replica: 2, run: ['test', '-e', '/x'] } }, topology);
    expect(saw).to.deep.equal(['ended with 1', 'ready']);
    expect(commands[1]).to.deep.equal({ in: 'chaos-app-2', run: ['test', '-e', '/x'] });
  });
});
