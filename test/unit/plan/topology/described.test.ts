import { expect } from 'chai';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../../../helpers/chaos.ts';
import { folderOf, read, sound } from './read.ts';

const spec = (services: string, more = '', block = '  entry: http://127.0.0.1:8080\n') =>
  sound(read([folderOf({ 'compose.yml': `name: shop\nx-chaos:\n${block}services:\n${services}${more}` })]));

describe('what a compose file itself says about a topology', function () {
  // This only guards against a hang: Compose takes tenths of a second.
  this.timeout(20_000);

  it('is enough for one web server: eight lines, and two of them for the harness', () => {
    const web = sound(read([join(ROOT, 'examples', 'web', 'compose.yml')]));
    expect(web).to.include({ project: 'web', ready: '/', entryService: 'web' });
    expect(web).to.include({ database: undefined, redis: undefined, toxiproxy: undefined, resetSql: undefined });
    expect(web.services['web']).to.deep.include({
      port: 80,
      protocol: 'http',
      consumer: undefined,
      networks: [{ name: 'web_default', aliases: [] }],
    });
  });

  it('has the port of each service: published, exposed, or none', () => {
    const { services } = spec(
      `  web: { image: a, ports: ['9000:90', '127.0.0.1:8080:80'] }\n` +
        `  api: { image: a, expose: ['3000'] }\n  dns: { image: a, ports: ['53:53/udp'] }\n  job: { image: a }\n`,
    );
    const told = Object.values(services).map(({ name, port, protocol }) => [name, port, protocol]);
    expect(told).to.have.deep.members([
      ['web', 80, 'http'],
      ['api', 3_000, 'tcp'],
      ['dns', undefined, 'tcp'],
      ['job', undefined, 'tcp'],
    ]);
  });

  it('gives way to what the block says', () => {
    const block = '  entry: http://127.0.0.1:8080\n  services: { web: { port: 81, protocol: tcp } }\n';
    const { web } = spec(`  web: { image: a, ports: ['8080:80'] }\n`, '', block).services;
    expect(web).to.include({ port: 81, protocol: 'tcp' });
  });

  it('has the networks of each service, with its names and fixed address there', () => {
    const { services } = spec(
      `  web: { image: a, networks: { front: {}, back: { aliases: [api], ipv4_address: 10.9.8.7 } } }\n` +
        `  one: { image: a }\n  near: { image: a, network_mode: host }\n`,
      'networks: { front: { name: street }, back: { ipam: { config: [{ subnet: 10.9.8.0/24 }] } } }\n',
    );
    expect(services['web']?.networks).to.have.deep.members([
      { name: 'street', aliases: [] },
      { name: 'shop_back', aliases: ['api'], ip: '10.9.8.7' },
    ]);
    expect(services['one']?.networks).to.deep.equal([{ name: 'shop_default', aliases: [] }]);
    expect(services['near']?.networks).to.deep.equal([]);
  });

  it('names the networks and volumes that Compose makes, and none that somebody else makes', () => {
    const { makes } = spec(
      '  web: { image: a, networks: [front, theirs], volumes: ["data:/data", "kept:/kept", "cache:/cache"] }\n',
      'networks: { front: {}, theirs: { external: true } }\n' +
        'volumes: { data: {}, kept: { external: true, name: precious }, cache: { name: shared } }\n',
    );
    expect(makes).to.deep.equal({
      networks: { front: 'shop_front' },
      volumes: { data: 'shop_data', cache: 'shared' },
    });
  });

  it('says what the replicas of a service share, or how large each pool is', () => {
    const pools = (app: string) => {
      const block = `  entry: http://127.0.0.1:8080\n  connections: { web: { limit: 9, pools: { web: ${app} } } }\n`;
      return spec(`  web: { image: a, ports: ['8080:80'] }\n`, '', block).connections?.['web']?.pools['web'];
    };
    expect(pools('8')).to.deep.equal([{ most: 8 }]);
    expect(pools("[8, '4', { most: '8', shared: '40' }]")).to.deep.equal([
      { most: 8 },
      { most: 4 },
      { most: 8, shared: 40 },
    ]);
    expect(pools('{ most: 8, shared: off }')).to.deep.equal([{ most: 8 }]);
    for (const wrong of ['[]', '{ shared: 40 }', '{ most: 8, shared: none }'])
      expect(() => pools(wrong), wrong).to.throw('Write a size, what the replicas share, or a list of these');
  });

  it('empties Redis only where the block says so, and not without an address', () => {
    const web = "  web: { image: a, ports: ['8080:80'] }\n";
    const entry = '  entry: http://127.0.0.1:8080\n';
    const redis = '  redis: redis://127.0.0.1:6379\n';
    expect(spec(web, '', entry + redis).emptyRedis).to.equal(undefined);
    expect(spec(web, '', `${entry}${redis}  empty_redis: true\n`).emptyRedis).to.equal(true);
    expect(() => spec(web, '', `${entry}  empty_redis: true\n`)).to.throw('Redis is emptied: write its address');
  });

  it('has the services that are meant to end: others wait for their end, or the block says so', () => {
    const { services } = spec(
      `  web: { image: a, depends_on: { migrate: { condition: service_completed_successfully } } }\n` +
        `  migrate: { image: a }\n  seed: { image: a }\n`,
      '',
      '  entry: http://127.0.0.1:8080\n  services: { seed: { one_shot: true } }\n',
    );
    const ends = Object.values(services).filter(({ oneShot }) => oneShot === true);
    expect(ends.map(({ name }) => name)).to.have.members(['migrate', 'seed']);
  });

  it('has what the block says of caches at the edge, standbys and jobs', () => {
    const block = (jobs: string, synchronous = 'on'): string =>
      `  entry: http://127.0.0.1:8080\n  database: postgres://127.0.0.1:1/x\n` +
      `  edge_cache: { header: x-cache, paths: [/a.css] }\n  synchronous: ${synchronous}\n  jobs: ${jobs}\n`;
    const jobs = {
      owe: 'insert {{id}} {{jobs}}',
      take: 'delete {{id}}',
      left: 'select 1',
      failed: 'jobs_total{outcome="failed"}',
    };
    const service = '  web: { image: a }\n';
    const told = spec(service, '', block(JSON.stringify(jobs)));
    expect(told).to.deep.include({ edgeCache: { header: 'x-cache', paths: ['/a.css'] }, synchronous: true, jobs });
    expect(spec(service, '', block(JSON.stringify(jobs), "'off'"))).to.include({ synchronous: false });
    for (const wrong of [{ take: 'delete' }, { owe: 'insert {{id}}' }, { failed: 'jobs_total' }]) {
      const text = `name: shop\nx-chaos:\n${block(JSON.stringify({ ...jobs, ...wrong }))}services:\n${service}`;
      const { problems } = read([folderOf({ 'compose.yml': text })]);
      const [key = ''] = Object.keys(wrong);
      expect(
        problems.map(({ code, line }) => [code, line]),
        key,
      ).to.deep.equal([['CHAOS_WRONG_VALUE', 7]]);
      expect(problems[0]?.message).to.include(`x-chaos.jobs.${key}`);
    }
  });

  it('has what the block says of the objective, and refuses what is no objective', () => {
    const block = (slo: string): string => `  entry: http://127.0.0.1:8080\n  slo: ${slo}\n`;
    const service = '  web: { image: a }\n';
    const told = spec(service, '', block('{ objective: 99.95%, saturday: 1000000/h }'));
    expect(told.slo?.share).to.be.closeTo(0.9995, 1e-12);
    expect(told.slo?.saturdayPerS).to.be.closeTo(277.8, 0.1);
    expect(told.slo).not.to.have.property('days');
    const text = `name: shop\nx-chaos:\n${block('{ objective: 100% }')}services:\n${service}`;
    const { problems } = read([folderOf({ 'compose.yml': text })]);
    expect(problems.map(({ code, line }) => [code, line])).to.deep.equal([['CHAOS_WRONG_VALUE', 4]]);
  });

  it('has what the block says of the entry over TLS, with the service that publishes its port', () => {
    const tls = { entry: 'https://127.0.0.1:8443', name: 'shop.test', authority: '/tls/ca.crt' };
    const issued = { certificate: '/tls/site.pem', issue: ['issue', '{{name}}', '{{from}}', '{{to}}'] };
    const block = (more: object): string =>
      `  entry: http://127.0.0.1:8080\n  tls: ${JSON.stringify({ ...tls, ...more })}\n`;
    const services = `  api: { image: a }\n  web: { image: a, ports: ['8080:80', '8443:443'] }\n`;
    const { certificate: file, issue } = issued;
    const sure = { ...tls, service: 'web', port: 443 };
    expect(spec(services, '', block({})).tls).to.deep.equal({ ...sure, certificate: undefined });
    expect(spec(services, '', block(issued)).tls).to.deep.equal({ ...sure, certificate: { file, issue } });
    expect(spec(services).tls).to.equal(undefined);
    const whole: object = issued;
    for (const [wrong, code, message] of [
      [{ entry: 'http://127.0.0.1:8443' }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.entry'],
      [{ entry: 'https://shop.test:8443' }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.entry'],
      [{ entry: 'https://127.0.0.1:9443' }, 'CHAOS_UNKNOWN_SERVICE', 'no service publishes the port'],
      [{ name: 'Shop' }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.name'],
      [{ authority: 'ca.crt' }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.authority'],
      [{ certificate: file }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.certificate'],
      [{ issue }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.issue'],
      [{ ...whole, issue: ['issue', '{{name}}'] }, 'CHAOS_WRONG_VALUE', 'x-chaos.tls.issue'],
    ] as const) {
      const text = `name: shop\nx-chaos:\n${block(wrong)}services:\n${services}`;
      const { problems } = read([folderOf({ 'compose.yml': text })]);
      const told = JSON.stringify(wrong);
      expect(
        problems.map((problem) => [problem.code, problem.line]),
        told,
      ).to.deep.equal([[code, 4]]);
      expect(problems[0]?.message, told).to.include(message);
    }
    const off = services.replace('web: {', 'web: { profiles: [more],').replace('api: {', 'api: { ');
    expect(spec(off, '', block(issued)).tls, 'a service that is off').to.equal(undefined);
  });

  it('says which services are Toxiproxy and Redis, whatever their names are', () => {
    const block = `  entry: http://127.0.0.1:8080
  toxiproxy: http://127.0.0.1:8474
  redis: redis://127.0.0.1:6379
  links: { l: { from: web, to: cache, proxy: l, listen: 'poison:1' } }
`;
    const services = `  web: { image: a }\n  poison: { image: a, ports: ['8474:8474'] }\n  cache: { image: a, ports: ['6379:6379'] }\n`;
    expect(spec(services, '', block)).to.include({ toxiproxyService: 'poison', redisService: 'cache' });
    const hidden = services.replace(`, ports: ['8474:8474']`, '');
    expect(spec(hidden, '', block)).to.include({ toxiproxyService: 'poison' });
  });
});
