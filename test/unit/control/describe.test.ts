import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { imagesNow } from '../../../harness/main.ts';
import { SPEC } from '../../helpers/doubles/topology/spec.ts';

const LISTED = {
  Id: 'c1',
  Names: ['/chaos-redis-1'],
  ImageID: 'sha256:of-the-container',
  Labels: { 'com.docker.compose.service': 'redis', 'com.docker.compose.container-number': '1' },
};

/** The answers of an engine with one container and one image, by the path that is asked. */
const ANSWERS: readonly (readonly [RegExp, unknown])[] = [
  [/\/version$/, { Version: '26.1.5', ApiVersion: '1.45' }],
  [/\/containers\/json/, [LISTED]],
  [/\/images\/.*app.*\/json$/, { Id: 'sha256:of-the-name', RepoTags: ['chaos/app:dev'] }],
];

describe('the images of a topology', () => {
  const engine = createServer((request, response) => {
    const [, body] = ANSWERS.find(([path]) => path.test(request.url ?? '')) ?? [];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'No such image' }));
  });
  let host: string;

  before(async () => {
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
    host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  });
  after(() => {
    engine.closeAllConnections();
    engine.close();
  });

  it('are those of its containers, and of the names in the compose file where there is no container', async () => {
    const named = (service: string, image: string) => ({ ...SPEC.services[service]!, image });
    const services = {
      app: named('app', 'chaos/app:dev'),
      redis: named('redis', 'chaos/redis:dev'),
      nginx: named('nginx', 'chaos/nginx:never-built'),
    };
    const images = await imagesNow({ ...SPEC, services }, { DOCKER_HOST: host });
    expect(images).to.deep.equal({ app: 'sha256:of-the-name', redis: 'sha256:of-the-container' });
  });

  it('are unknown when no engine answers', async () => {
    expect(await imagesNow(SPEC, { DOCKER_HOST: 'unix:///nowhere/docker.sock' })).to.equal(undefined);
  });
});
