import { expect } from 'chai';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { read, told } from './read.ts';

const WEB = `name: web
x-chaos:
  entry: http://127.0.0.1:18090
services:
  web: { image: a, ports: ['127.0.0.1:18090:80'] }
  near: { image: a, network_mode: host }
`;
const TLS = JSON.stringify({
  entry: 'https://127.0.0.1:18443',
  name: 'web.test',
  authority: '/ca.crt',
  certificate: '/web.pem',
  issue: ['issue', '{{name}}', '{{from}}', '{{to}}'],
});
const WORKLOAD = (method: string, more = ''): string =>
  `name: one\nscenarios: [{ name: s, weight: 1, endpoints: [{ method: ${method}, path: /, frequency: 1${more} }] }]\n`;

function experiment(lists: string, workload = WORKLOAD('GET'), compose = WEB): string {
  const dir = mkdtempSync(join(tmpdir(), 'lacks-'));
  writeFileSync(join(dir, 'compose.yml'), compose);
  writeFileSync(join(dir, 'load.yaml'), workload);
  const file = join(dir, 'experiment.yaml');
  writeFileSync(
    file,
    `title: t\ntopology: compose.yml\nload: { workload: load.yaml, rate: 100/s }\n` +
      `phases: { baseline: 20s, fault: 30s, recovery: 20s }\n${lists}`,
  );
  return file;
}

const KILL = 'faults:\n  - kill: { service: web }\n';
const ERRORS = 'hypotheses:\n  - errors: { below: 1%, during: [fault] }\n';
const problemsOf = (lists: string): string[] => read(experiment(lists)).problems.map(told);

describe('an experiment on a topology of one web server', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  it('is sound when it needs containers and an entry only', () => {
    const faults = ['kill', 'pause', 'stop', 'partition'].map(
      (name, i) => `  - ${name}: { service: web, at: ${i}s, for: 1s }\n`,
    );
    const limit = '  - cpu_limit: { service: web, cpus: 0.1, at: 9s }\n';
    const { plan, problems } = read(experiment(`faults:\n${faults.join('')}${limit}${ERRORS}`));
    expect(problems).to.deep.equal([]);
    expect(plan?.topology.ready).to.equal('/');
    expect(plan?.topology.services['web']).to.include({ port: 80, protocol: 'http' });
  });

  it('is refused at the line of each fault that needs more, with the capabilities', () => {
    const file = experiment(
      'faults:\n' +
        '  - table_lock: { table: weddings }\n' +
        '  - redis_flush: {}\n' +
        '  - sequence:\n' +
        '      - latency: { link: web-to-db, latency: 100ms }\n' +
        '      - wait: { sql: { query: select 1 } }\n' +
        ERRORS,
    );
    const { plan, problems } = read(file);
    expect(plan).to.equal(undefined);
    expect(problems.map(told)).to.deep.equal([
      'experiment.yaml:6:5 CHAOS_LACKS',
      'experiment.yaml:7:5 CHAOS_LACKS',
      'experiment.yaml:9:9 CHAOS_LACKS',
      'experiment.yaml:10:17 CHAOS_LACKS',
    ]);
    expect(problems[0]?.message).to.include('"table_lock" needs the capabilities').and.include('"sql"');
    expect(problems[0]?.hint).to.include('x-chaos.database');
    expect(problems[1]?.message).to.include('"redis"');
    expect(problems[2]?.message).to.include('"links"');
  });

  it('is refused at the line of a check or a stop condition that would have no evidence', () => {
    const file = `${KILL}hypotheses:\n  - acknowledged_writes: { lost: 0 }\n  - failover: { service: postgres, within: 12s }\n`;
    expect(problemsOf(`${file}stop_if:\n  - failover: { service: postgres, within: 12s }\n`)).to.deep.equal([
      'experiment.yaml:8:5 CHAOS_LACKS',
      'experiment.yaml:9:5 CHAOS_LACKS',
      'experiment.yaml:11:5 CHAOS_LACKS',
    ]);
  });

  it('is refused when packets of a container on the network of the host would be lost: they are those of the host', () => {
    const at = (service: string): string[] =>
      problemsOf(`faults:\n  - packet_loss: { service: ${service}, loss: 10 }\n${ERRORS}`);
    expect(at('web')).to.deep.equal([]);
    expect(at('near')).to.deep.equal(['experiment.yaml:6:29 CHAOS_LACKS']);
  });

  it('is refused when its load or its fault needs TLS, and says what to write', () => {
    const file = experiment(`faults:\n  - certificate_expired: { service: web }\n${ERRORS}`);
    const { problems } = read(file, ['load.over=tls']);
    expect(problems.map(({ code, message }) => `${code} ${message}`)).to.have.members([
      'CHAOS_LACKS "over: tls" needs the capability "tls" (an entry over TLS), and the topology does not have it',
      'CHAOS_LACKS "certificate_expired" needs the capability "certificate" (a certificate that can be replaced), and the topology does not have it',
    ]);
    expect(problems[0]?.hint).to.include('x-chaos.tls');
  });

  it('is refused when another service serves the entry over TLS', () => {
    const compose = WEB.replace('services:', `  tls: ${TLS}\nservices:`).replace(":80'", ":80', '18443:443'");
    const at = (service: string): string[] =>
      read(
        experiment(`faults:\n  - certificate_expired: { service: ${service} }\n${ERRORS}`, WORKLOAD('GET'), compose),
      ).problems.map(({ message, ...problem }) => `${told({ message, ...problem })} ${message}`);
    expect(at('web')).to.deep.equal([]);
    expect(at('near')[0]).to.match(/^experiment\.yaml:6:37 CHAOS_LACKS "certificate_expired" of near needs /);
  });

  it('may write without saying how a write is looked up, for nobody looks it up', () => {
    const { problems, plan } = read(experiment(KILL + ERRORS, WORKLOAD('POST', ', body: { a: 1 }')));
    expect(problems).to.deep.equal([]);
    expect(plan?.load.workload.scenarios[0]?.endpoints[0]?.kind).to.equal('write');
  });
});
