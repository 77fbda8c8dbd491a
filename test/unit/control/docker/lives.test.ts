import { expect } from 'chai';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { DockerControl } from '../../../../harness/control/docker/docker.ts';
import { lifeOf } from '../../../../harness/control/docker/lives.ts';
import type { Life } from '../../../../harness/core/topology/life.ts';

/** An event as the engine writes it, so many milliseconds after now. */
const event = (action: string, inMs: number, attributes: object = {}) => ({
  Type: 'container',
  Action: action,
  Actor: { ID: 'f00', Attributes: { name: 'shop-app-4', 'com.docker.compose.service': 'app', ...attributes } },
  timeNano: (Date.now() + inMs) * 1e6,
});

describe('an event of the engine', () => {
  it('says what became of a container', () => {
    const did = (action: string, attributes = {}): string | undefined => lifeOf(event(action, 0, attributes))?.did;
    expect(did('create')).to.equal('created');
    expect(did('start')).to.equal('started');
    expect(did('health_status: healthy')).to.equal('healthy');
    expect(did('health_status: unhealthy')).to.equal('unhealthy');
    expect(did('kill', { signal: '15' })).to.equal('asked to end');
    expect(did('kill', { signal: '9' }), 'its end is told anyway').to.equal(undefined);
    expect(did('kill', { signal: '1' }), 'a reload').to.equal(undefined);
    expect(did('die')).to.equal('ended');
    expect(did('destroy')).to.equal('removed');
    expect(did('exec_start: sh')).to.equal(undefined);
  });

  it('says nothing of a container that no compose file names', () => {
    expect(lifeOf(event('create', 0, { 'com.docker.compose.service': '' }))).to.equal(undefined);
    expect(lifeOf({})).to.equal(undefined);
  });
});

describe('the lives of containers', () => {
  let server: Server;
  let asked: URLSearchParams[];
  let streams: ServerResponse[];
  let lives: Life[];
  let told: boolean[];

  beforeEach(async () => {
    [asked, streams, lives, told] = [[], [], [], []];
    server = createServer((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://engine').searchParams);
      streams.push(response);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const listener = {
    onLife: (life: Life) => void lives.push(life),
    onTold: (is: boolean) => void told.push(is),
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('are told as they come, and go on from the last event when the engine ends the stream', async () => {
    const { port } = server.address() as AddressInfo;
    const docker = new DockerControl(undefined, { DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    await using _following = docker.follow('shop', listener);
    await until(() => streams.length === 1);
    const [first, second] = [event('create', 10), event('start', 20)];
    // Two lines may come in one piece, and one line in two.
    const text = `${JSON.stringify(first)}\n${JSON.stringify(second)}\n`;
    streams[0]?.write(text.slice(0, 40));
    streams[0]?.write(`${text.slice(40)}no JSON\n`);
    await until(() => lives.length === 2);
    expect(told).to.deep.equal([true]);
    streams[0]?.end();
    await until(() => streams.length === 2);
    await until(() => told.length === 3);
    expect(told, 'between the streams nothing is told').to.deep.equal([true, false, true]);
    expect(Number(asked[1]?.get('since'))).to.be.closeTo(second.timeNano / 1e9, 1e-6);
    expect(JSON.parse(asked[1]?.get('filters') ?? '')).to.deep.include({
      type: ['container'],
      label: ['com.docker.compose.project=shop'],
    });
    // The engine tells the last one again.
    for (const one of [second, event('health_status: healthy', 30)]) streams[1]?.write(`${JSON.stringify(one)}\n`);
    await until(() => lives.length === 3);
    expect(lives.map(({ did }) => did)).to.deep.equal(['created', 'started', 'healthy']);
    expect(lives[0]).to.deep.include({ container: 'shop-app-4', service: 'app', t: first.timeNano / 1e6 });
  });

  it('end with the run, also while the engine is silent', async () => {
    const { port } = server.address() as AddressInfo;
    const docker = new DockerControl(undefined, { DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    const following = docker.follow('shop', listener);
    await until(() => streams.length === 1);
    await following[Symbol.asyncDispose]();
    expect([lives, told], 'the end of the run is no gap').to.deep.equal([[], [true]]);
  });

  it('end with the run, also when it ends before the engine has answered', async () => {
    const { port } = server.address() as AddressInfo;
    const docker = new DockerControl(undefined, { DOCKER_HOST: `tcp://127.0.0.1:${port}` });
    await docker.follow('shop', listener)[Symbol.asyncDispose]();
    expect(lives).to.deep.equal([]);
  });
});
