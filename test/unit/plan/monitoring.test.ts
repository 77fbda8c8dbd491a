import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { withProfile } from '../../../harness/core/topology/compose.ts';
import { read, told } from './read.ts';

const WATCHED = `name: web
x-chaos:
  entry: http://127.0.0.1:18090
  services: { prometheus: { port: 9090, protocol: http, consumer: web } }
  monitoring:
    profile: watch
    prometheus: http://127.0.0.1:19090
    alertmanager: http://127.0.0.1:19093
    pager: http://127.0.0.1:19094
    rules: rules
services:
  web: { image: a, ports: ['127.0.0.1:18090:80'] }
  prometheus: { image: b, profiles: [watch], ports: ['127.0.0.1:19090:9090'] }
  other: { image: c, profiles: [other] }
`;
const BARE = WATCHED.replace(/ {2}monitoring:\n(?: {4}.*\n)+/, '');
const WORKLOAD =
  'name: one\nscenarios: [{ name: s, weight: 1, endpoints: [{ method: GET, path: /, frequency: 1 }] }]\n';

/** The path of an experiment with these lines more. `monitoring:` would be line 5. */
function experiment(more: string, compose = WATCHED): string {
  const dir = mkdtempSync(join(tmpdir(), 'monitoring-'));
  writeFileSync(join(dir, 'compose.yml'), compose);
  writeFileSync(join(dir, 'load.yaml'), WORKLOAD);
  const file = join(dir, 'experiment.yaml');
  writeFileSync(
    file,
    `title: t\ntopology: compose.yml\nload: { workload: load.yaml, rate: 100/s }\n` +
      `phases: { baseline: 20s, fault: 30s, recovery: 20s }\n${more}` +
      'faults:\n  - kill: { service: web }\nhypotheses:\n  - errors: { below: 1%, during: [fault] }\n',
  );
  return file;
}

const topologyOf = (more: string, overrides: readonly string[] = []) => {
  const { plan, problems } = read(experiment(more), overrides);
  expect(problems).to.deep.equal([]);
  return plan?.topology;
};

describe('what watches an experiment', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  it('is nothing when the experiment does not ask for it: the topology is as without the profile', () => {
    const bare = read(experiment('', BARE)).plan?.topology;
    for (const more of ['', 'monitoring: false\n']) {
      const topology = topologyOf(more);
      expect(topology).to.not.have.property('monitoring');
      expect(topology?.services).to.deep.equal(bare?.services);
    }
  });

  it('is the profile of the topology: its services are there, and those of other profiles are not', () => {
    const file = experiment('monitoring: true\n');
    const topology = read(file).plan?.topology;
    expect(Object.keys(topology?.services ?? {})).to.have.members(['web', 'prometheus']);
    expect(topology?.services['prometheus']).to.include({ port: 9_090, protocol: 'http', consumer: 'web' });
    expect(topology?.monitoring).to.deep.equal({
      profile: 'watch',
      services: ['prometheus'],
      prometheus: 'http://127.0.0.1:19090',
      alertmanager: 'http://127.0.0.1:19093',
      pager: 'http://127.0.0.1:19094',
      rules: join(dirname(file), 'rules'),
    });
  });

  it('leaves the digest of every other service as it is without the profile', () => {
    expect(topologyOf('monitoring: true\n')?.services['web']?.digest).to.equal(topologyOf('')?.services['web']?.digest);
  });

  it('can be asked for by --set', () => {
    expect(topologyOf('', ['monitoring=true'])?.monitoring).to.include({ profile: 'watch' });
  });

  it("may be the user's own Prometheus, with the names of the variables that have the headers' values", () => {
    const file = experiment(
      'monitoring:\n  prometheus: https://prom.example/x\n  headers: { authorization: PROM_TOKEN }\n  ca: ca.pem\n',
      BARE,
    );
    const { plan, problems } = read(file);
    expect(problems).to.deep.equal([]);
    expect(plan?.topology.monitoring).to.deep.equal({
      prometheus: 'https://prom.example/x',
      headers: { authorization: 'PROM_TOKEN' },
      ca: join(dirname(file), 'ca.pem'),
    });
    expect(Object.keys(plan?.topology.services ?? {})).to.deep.equal(['web']);
  });

  it('is refused at its line when the topology has nothing that could watch', () => {
    const { problems } = read(experiment('monitoring: true\n', BARE));
    expect(problems.map(told)).to.deep.equal(['experiment.yaml:5:13 CHAOS_LACKS']);
    expect(problems[0]?.message).to.include('"prometheus"');
  });

  it('is refused when it is no address, or names the value of a header and no variable', () => {
    const refused = (value: string) => read(experiment(`monitoring: ${value}\n`)).problems.map(told);
    expect(refused('maybe')).to.deep.equal(['experiment.yaml:5:13 CHAOS_WRONG_VALUE']);
    expect(refused('{ prometheus: prom.example }')).to.have.length(1);
    expect(refused('{ prometheus: https://a.b, headers: { authorization: Bearer abc } }')).to.have.length(1);
    expect(refused('{ prometheus: https://a.b, token: x }')).to.have.length(1);
  });
});

describe('the environment for a profile', () => {
  it('names the profile beside those that are active already', () => {
    expect(withProfile({}, undefined)).to.deep.equal({});
    expect(withProfile({ A: '1' }, 'watch')).to.deep.equal({ A: '1', COMPOSE_PROFILES: 'watch' });
    expect(withProfile({ COMPOSE_PROFILES: 'a,b' }, 'watch')).to.deep.equal({ COMPOSE_PROFILES: 'a,b,watch' });
    expect(withProfile({ COMPOSE_PROFILES: 'a,watch' }, 'watch')).to.deep.equal({ COMPOSE_PROFILES: 'a,watch' });
  });
});
