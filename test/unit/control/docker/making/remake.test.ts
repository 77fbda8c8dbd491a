import { expect } from 'chai';
import { describe, it } from 'mocha';
import { remadeAs } from '../../../../../harness/control/docker/making/remake.ts';

const ID = 'f00dfeedcafe0123456789';
const made = (hostname: string): Parameters<typeof remadeAs>[0] =>
  ({
    Id: ID,
    Name: '/chaos-app-4',
    Config: {
      Hostname: hostname,
      Image: 'chaos/app:dev',
      Env: ['PORT=3000'],
      Labels: { 'com.docker.compose.service': 'app', 'com.docker.compose.container-number': '4' },
    },
    HostConfig: { NanoCpus: 1e9, Memory: 268_435_456, Init: true },
    NetworkSettings: { Networks: { chaos_wedsync: { Aliases: ['chaos-app-4', 'app', ID.slice(0, 12)] } } },
  }) as never;

describe('a container that is made again', () => {
  it('has the given name and number, its names in the network, and everything else as before', () => {
    expect(remadeAs(made(ID.slice(0, 12)), 'chaos-app-1', 1)).to.deep.equal({
      name: 'chaos-app-1',
      Image: 'chaos/app:dev',
      Env: ['PORT=3000'],
      Labels: { 'com.docker.compose.service': 'app', 'com.docker.compose.container-number': '1' },
      HostConfig: { NanoCpus: 1e9, Memory: 268_435_456, Init: true },
      NetworkingConfig: { EndpointsConfig: { chaos_wedsync: { Aliases: ['chaos-app-1', 'app'] } } },
    });
  });

  it('keeps a host name that was configured, and drops a host name that the engine chose', () => {
    expect(remadeAs(made('postgres-a'), 'chaos-app-1', 1)).to.include({ Hostname: 'postgres-a' });
    expect(remadeAs(made(ID.slice(0, 12)), 'chaos-app-1', 1)).not.to.have.property('Hostname');
  });
});
