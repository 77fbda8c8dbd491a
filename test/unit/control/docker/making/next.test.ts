import { expect } from 'chai';
import { describe, it } from 'mocha';
import { nextMadeOf } from '../../../../../harness/control/docker/making/next.ts';

const ID = 'f00dfeedcafe0123456789';
const IMAGE = { id: 'sha256:2', name: 'chaos/app:dev-good' };

const made = (config: object = {}): Parameters<typeof nextMadeOf>[0] =>
  ({
    Id: ID,
    Name: '/chaos-app-2',
    Config: {
      Hostname: ID.slice(0, 12),
      Image: 'chaos/app:dev',
      Env: ['PORT=3000', 'PATH=/usr/bin', 'RELEASE='],
      Cmd: ['node', 'server.ts'],
      WorkingDir: '/app',
      User: 'node',
      StopSignal: 'SIGTERM',
      Healthcheck: { Test: ['CMD', 'true'], Interval: 7.5e9 },
      ExposedPorts: { '3000/tcp': {} },
      Labels: {
        'com.docker.compose.project': 'chaos',
        'com.docker.compose.service': 'app',
        'com.docker.compose.container-number': '2',
        'com.docker.compose.config-hash': 'abc',
        'com.docker.compose.image': 'sha256:1',
        'chaos.made': 'chaos',
        'chaos.added': 'true',
        maintainer: 'somebody',
      },
      ...config,
    },
    HostConfig: { NanoCpus: 1e9, RestartPolicy: { Name: 'on-failure' } },
    NetworkSettings: { Networks: { chaos_wedsync: { Aliases: ['chaos-app-2', 'app', ID.slice(0, 12)] } } },
  }) as never;

/** What the old image gives to its containers. Compose has labelled it as the image of its own service. */
const OLD = {
  Env: ['PATH=/usr/bin', 'RELEASE='],
  Cmd: ['node', 'server.ts'],
  WorkingDir: '/app',
  User: 'node',
  ExposedPorts: { '3000/tcp': {} },
  Labels: {
    'com.docker.compose.project': 'chaos',
    'com.docker.compose.service': 'app',
    maintainer: 'somebody',
  },
};

describe('a container that is to take the place of another', () => {
  const next = nextMadeOf(made(), OLD, 'chaos-app-2', IMAGE);

  it("has the other's number, names in the network, limits and variables, and a name of its own", () => {
    expect(next).to.deep.include({
      name: 'chaos-app-2-next',
      Image: 'chaos/app:dev-good',
      HostConfig: { NanoCpus: 1e9, RestartPolicy: { Name: 'on-failure' } },
      NetworkingConfig: { EndpointsConfig: { chaos_wedsync: { Aliases: ['chaos-app-2', 'app'] } } },
      Env: ['PORT=3000'],
      StopSignal: 'SIGTERM',
      Healthcheck: { Test: ['CMD', 'true'], Interval: 7.5e9 },
    });
  });

  it('leaves to its image what the old image gave: another image may have another command or variable', () => {
    for (const key of ['Cmd', 'WorkingDir', 'User', 'Hostname']) expect(next, key).not.to.have.property(key);
    expect(next.ExposedPorts).to.deep.equal({});
    const own = nextMadeOf(made({ Cmd: ['node', 'worker.ts'] }), OLD, 'chaos-app-2', IMAGE);
    expect(own.Cmd).to.deep.equal(['node', 'worker.ts']);
  });

  it("has Compose's labels, also those that the image of Compose has, and names its image to Compose", () => {
    // A container that a controller added is one too many at the end, whatever image it has then.
    expect(next.Labels).to.deep.equal({
      'com.docker.compose.project': 'chaos',
      'com.docker.compose.service': 'app',
      'com.docker.compose.container-number': '2',
      'com.docker.compose.config-hash': 'abc',
      'com.docker.compose.image': 'sha256:2',
      'chaos.made': 'chaos',
      'chaos.added': 'true',
      'chaos.place': 'chaos-app-2',
    });
  });

  it('needs no description of the old image, which may be gone', () => {
    expect(nextMadeOf(made(), {}, 'chaos-app-2', IMAGE).Env).to.deep.equal(['PORT=3000', 'PATH=/usr/bin', 'RELEASE=']);
  });
});
